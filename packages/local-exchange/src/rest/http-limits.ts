import type { ServerOptions } from 'node:http';

/** What one HTTP request may take; whoever takes more is cut off, and nothing is carried out. */
export interface HttpLimits {
  /** Wall milliseconds until the headers are there; then 408. @default 10_000 */
  readonly headersWithinMs: number;
  /** Wall milliseconds until the body is there as well; then 408. @default 30_000 */
  readonly requestWithinMs: number;
  /** Bytes of a body; more answers 413. @default 1 MiB */
  readonly mostBodyBytes: number;
}

export const HTTP_LIMITS: HttpLimits = {
  headersWithinMs: 10_000,
  requestWithinMs: 30_000,
  mostBodyBytes: 1 << 20,
};

/** The limits that Node's server keeps by itself. */
export function serverOptions({ headersWithinMs, requestWithinMs }: HttpLimits): ServerOptions {
  return {
    headersTimeout: Math.min(headersWithinMs, requestWithinMs),
    requestTimeout: requestWithinMs,
    connectionsCheckingInterval: Math.min(1_000, headersWithinMs),
  };
}
