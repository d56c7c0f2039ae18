/** A price from outside the exchange, as a decoder reads it from a frame. */
export interface SpotTick {
  /** E.g. `BTC-USD`. */
  readonly symbol: string;
  /** Units of 1e-6 dollar. */
  readonly micros: number;
  /** When it was published, milliseconds; NaN when the frame does not tell. */
  readonly exchangeMs: number;
}

/** Reads one frame of a feed. @returns null for a frame that carries no price @throws WireError */
export type SpotDecoder = (frame: unknown) => SpotTick | null;
