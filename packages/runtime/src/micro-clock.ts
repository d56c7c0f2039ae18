/**
 * The machine's clock in whole microseconds: its milliseconds, refined by a counter that does not follow its
 * corrections. When the two come apart by more than a few milliseconds, the machine's clock is believed.
 */
export function createMicroClock(
  wallMs: () => number = Date.now,
  counterMs: () => number = () => performance.now(),
): () => number {
  let offsetUs = Number.NaN;
  return () => {
    const wallUs = wallMs() * 1_000;
    const counterUs = Math.floor(counterMs() * 1_000);
    if (!(Math.abs(counterUs + offsetUs - wallUs) <= TOLERANCE_US)) offsetUs = wallUs - counterUs;
    return counterUs + offsetUs;
  };
}

/** Wide enough that a thread put to sleep between the two readings does not turn the clock back. */
const TOLERANCE_US = 5_000;
