import type { Clock } from '@kalshi-mm/core';
import type { Signer } from './signer.ts';

/**
 * Signatures made before they are needed. A signature covers time, method and path, not the body, and the exchange
 * takes it for some seconds: that of the next order can lie ready.
 */
export interface SignaturesAhead {
  /** Fresh headers, or null when none lie ready. */
  take(): ReadyHeaders | null;
  /** The exchange has refused shared headers: from now on each is used once. */
  stopSharing(): void;
  close(): void;
}

export interface ReadyHeaders {
  readonly headers: Record<string, string>;
  /** Other requests carry the same. */
  readonly isShared: boolean;
}

export interface SignaturesAheadOptions {
  readonly signer: Signer;
  readonly clock: Clock;
  readonly method: string;
  readonly path: string;
  /** How many lie ready. @default 4 */
  readonly depth?: number;
  /** Older ones are thrown away: the exchange takes about 5 s, clocks differ. @default 1500 */
  readonly maxAgeMs?: number;
  /** Requests within so many milliseconds carry the same signature; 0: each its own. @default 0 */
  readonly shareMs?: number;
}

/**
 * Keeps the stock up while orders are sent; a minute after the last one it stops, and begins again with the next.
 * Four signatures every 1.5 s are less than a thousandth of a core.
 */
export function createSignaturesAhead(options: SignaturesAheadOptions): SignaturesAhead {
  const { signer, clock, method, path, depth = 4, maxAgeMs = 1_500 } = options;
  let shareMs = Math.min(options.shareMs ?? 0, maxAgeMs);
  let shared: { readonly atMs: number; readonly headers: Record<string, string> } | null = null;
  let stock: { readonly atMs: number; readonly headers: Record<string, string> }[] = [];
  let underWay = 0;
  let takenMs: number = clock.now();
  let renewal: NodeJS.Timeout | null = null;
  let closed = false;

  const isFresh = (atMs: number): boolean => Math.abs(clock.now() - atMs) < maxAgeMs;

  const fill = (): void => {
    while (!closed && stock.length + underWay < depth) {
      const atMs = clock.now();
      underWay++;
      signer.headersLater(method, path, atMs).then(
        (headers) => {
          underWay--;
          stock.push({ atMs, headers });
        },
        // The request itself will sign, and fail, in the open.
        () => {
          underWay--;
        },
      );
    }
  };

  const renew = (): void => {
    stock = stock.filter(({ atMs }) => isFresh(atMs));
    if (Math.abs(clock.now() - takenMs) > IDLE_MS) stop();
    else fill();
  };

  const stop = (): void => {
    if (renewal !== null) clearInterval(renewal);
    renewal = null;
    stock = [];
  };

  return {
    take() {
      if (closed || signer.isFast) return null;
      takenMs = clock.now();
      renewal ??= setInterval(renew, maxAgeMs / 2).unref();
      if (shared !== null && Math.abs(takenMs - shared.atMs) < shareMs) {
        return { headers: { ...shared.headers }, isShared: true };
      }
      let taken = stock.shift();
      while (taken !== undefined && !isFresh(taken.atMs)) taken = stock.shift();
      fill();
      if (taken === undefined) return null;
      shared = shareMs > 0 ? { atMs: takenMs, headers: taken.headers } : null;
      return { headers: shareMs > 0 ? { ...taken.headers } : taken.headers, isShared: false };
    },
    stopSharing() {
      shareMs = 0;
      shared = null;
    },
    close() {
      closed = true;
      stop();
    },
  };
}

const IDLE_MS = 60_000;
