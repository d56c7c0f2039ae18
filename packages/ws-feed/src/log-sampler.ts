type Log = (message: string, facts: Readonly<Record<string, unknown>>) => void;

const BURST = 20;
const REFILL_MS = 5_000;

/** Passes on a handful of messages at once and then one every few seconds, so that a broken feed fills no log. */
export function createLogSampler(log: Log): Log {
  let budget = BURST;
  let suppressed = 0;
  let refilledMs = performance.now();
  return (message, facts) => {
    const earned = Math.floor((performance.now() - refilledMs) / REFILL_MS);
    if (earned > 0) {
      budget = Math.min(BURST, budget + earned);
      refilledMs += earned * REFILL_MS;
    }
    if (budget === 0) {
      suppressed++;
      return;
    }
    budget--;
    log(message, suppressed === 0 ? facts : { ...facts, suppressed });
    suppressed = 0;
  };
}
