/** Whether a parameter is there: `null` says no more than nothing. */
export function isGiven(value: unknown): boolean {
  return value !== undefined && value !== null;
}
