/** A price from outside the exchange. */
export interface SpotTick {
  /** E.g. `BTC-USD`. */
  readonly symbol: string;
  /** Units of 1e-6 dollar; finer digits are cut. */
  readonly micros: number;
  /** When it was published, milliseconds; NaN when the frame does not tell. */
  readonly exchangeMs: number;
}

/** What is particular to one public feed: everything else is `createSpotFeed`. */
export interface SpotFormat {
  /** Name in recordings and configurations. */
  readonly name: string;
  readonly defaultUrl: string;
  /** What to send after the connection has opened. */
  subscribe(symbols: readonly string[]): readonly object[];
  /**
   * Reads a frame after `JSON.parse`.
   *
   * @returns null for a frame without a price
   * @throws WireError naming the field that does not fit
   */
  decode(frame: unknown): SpotTick | null;
}
