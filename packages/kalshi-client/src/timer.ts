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

/** The same for what goes on beside the work: it does not keep the process alive. */
export const backgroundTimer: Timer = {
  after(ms, call) {
    const handle = setTimeout(call, ms).unref();
    return () => clearTimeout(handle);
  },
};
