/** How far the exchange's clock is ahead of ours. */
export interface Skew {
  /** Milliseconds; negative when ours is ahead. */
  readonly skewMs: number;
  /** The truth is at most this far from `skewMs`. */
  readonly uncertaintyMs: number;
}

export interface ClockSkew {
  /**
   * @param sentMs our clock when the request left
   * @param receivedMs our clock when the answer came
   * @param date the answer's `Date` header: the exchange's time, cut to whole seconds
   */
  observe(sentMs: number, receivedMs: number, date: string | null | undefined): void;
  /** Null until an answer has been seen. */
  read(): Skew | null;
}

/**
 * Measures the skew from `Date` headers. One answer tells it to a second at best, because the header has whole
 * seconds; what all answers agree on is much narrower.
 */
export function createClockSkew(): ClockSkew {
  let low = -Infinity;
  let high = Infinity;
  let atMs = 0;
  return {
    observe(sentMs, receivedMs, date) {
      const serverMs = Date.parse(date ?? '');
      if (Number.isNaN(serverMs) || receivedMs < sentMs) return;
      // The header was written at some moment between sending and receiving, up to a second after what it says.
      const newLow = serverMs - receivedMs;
      const newHigh = serverMs + 1000 - sentMs;
      const drift = Math.abs(receivedMs - atMs) * DRIFT;
      atMs = receivedMs;
      low = Math.max(low - drift, newLow);
      high = Math.min(high + drift, newHigh);
      // A clock was set: begin anew.
      if (low > high) [low, high] = [newLow, newHigh];
    },
    read() {
      if (low === -Infinity) return null;
      return { skewMs: Math.round((low + high) / 2), uncertaintyMs: Math.ceil((high - low) / 2) };
    },
  };
}

/** What two clocks may part by, per millisecond: far more than any crystal does. */
const DRIFT = 2e-4;
