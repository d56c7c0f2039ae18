import type { Clock } from '@kalshi-mm/core';
import type { Signer } from './signer.ts';
import { backgroundTimer, type Timer } from './timer.ts';

/**
 * Signatures made before they are needed. A signature covers time, method and path, not the body, and the exchange
 * takes it for some seconds: on a path that is always the same, those of the next burst can lie ready.
 */
export interface SignaturesAhead {
  /** Fresh headers, or null when none lie ready. */
  take(): Record<string, string> | null;
  /** The exchange has refused such headers: there are none from now on. */
  refused(): void;
  close(): void;
}

export interface SignaturesAheadOptions {
  readonly signer: Signer;
  readonly clock: Clock;
  readonly method: string;
  readonly path: string;
  /** Requests within so many milliseconds carry the same signature; 0: each its own. @default 0 */
  readonly shareMs?: number;
  /** @default backgroundTimer */
  readonly timer?: Timer;
}

/**
 * Keeps a stock while requests flow: at first of a few, and of twice as many whenever it was found empty, so that it
 * grows to the size of the bursts. One is made at a time: the cores are for the requests that are under way. A minute
 * after the last request the stock is given up, and begins again with the next.
 */
export function createSignaturesAhead(options: SignaturesAheadOptions): SignaturesAhead {
  const { signer, clock, method, path, shareMs = 0, timer = backgroundTimer } = options;
  let stock: Ready[] = [];
  let shared: (Ready & { readonly sinceMs: number }) | null = null;
  let depth = LEAST;
  let making = false;
  let takenMs: number = clock.now();
  let callOff: (() => void) | null = null;
  let over = signer.isFast;

  const isFresh = (stampMs: number, nowMs: number): boolean => Math.abs(nowMs - stampMs) <= HALF_LIFE_MS;

  const fill = (): void => {
    if (making || over || stock.length >= depth) return;
    making = true;
    const stampMs = clock.now() + HALF_LIFE_MS;
    signer.headersLater(method, path, stampMs).then(
      (headers) => {
        making = false;
        stock.push({ stampMs, headers });
        fill();
      },
      // The request itself will sign, and fail, in the open.
      () => {
        making = false;
      },
    );
  };

  const renew = (): void => {
    const now = clock.now();
    if (Math.abs(now - takenMs) > IDLE_MS) {
      empty();
      return;
    }
    callOff = timer.after(RENEW_MS, renew);
    // What would not last until the next look is made anew now.
    stock = stock.filter(({ stampMs }) => isFresh(stampMs, now) && isFresh(stampMs, now + RENEW_MS));
    fill();
  };

  const empty = (): void => {
    callOff?.();
    callOff = null;
    stock = [];
    shared = null;
    depth = LEAST;
  };

  const end = (): void => {
    over = true;
    empty();
  };

  return {
    take() {
      if (over) return null;
      takenMs = clock.now();
      callOff ??= timer.after(RENEW_MS, renew);
      if (
        shared !== null &&
        Math.abs(takenMs - shared.sinceMs) < shareMs &&
        isFresh(shared.stampMs, takenMs)
      ) {
        return { ...shared.headers };
      }
      let taken = stock.shift();
      while (taken !== undefined && !isFresh(taken.stampMs, takenMs)) taken = stock.shift();
      if (taken === undefined) depth = Math.min(depth * 2, MOST);
      fill();
      if (taken === undefined) return null;
      if (shareMs > 0) shared = { ...taken, sinceMs: takenMs };
      return { ...taken.headers };
    },
    refused: end,
    close: end,
  };
}

interface Ready {
  readonly stampMs: number;
  readonly headers: Readonly<Record<string, string>>;
}

const LEAST = 4;
const MOST = 64;
/**
 * Each is stamped so far ahead and thrown away so long after its stamp: of the 5 s that the exchange is known to allow
 * either way, the rest is for clocks that differ and for the way.
 */
const HALF_LIFE_MS = 1_500;
const RENEW_MS = 500;
const IDLE_MS = 60_000;
