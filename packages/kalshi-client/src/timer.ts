/** Calls back after a while; the other half of the clock. */
export interface Timer {
  /** @returns a function that calls it off */
  after(ms: number, call: () => void): () => void;
}

/** The runtime's own timers. */
export const systemTimer: Timer = {
  after(ms, call) {
    const handle = setTimeout(call, ms);
    return () => clearTimeout(handle);
  },
};
