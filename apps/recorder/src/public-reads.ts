import { setTimeout as wait } from 'node:timers/promises';
import { MmError } from '@kalshi-mm/core';

export type Json = Readonly<Record<string, unknown>>;

/** Reads public endpoints and hands out what the exchange said, unchanged: a download keeps it so. */
export interface PublicReads {
  /** @returns null for 404 @throws MmError `exchange-refused`, `exchange-unreachable`, `answer-malformed` */
  get(path: string, query: Readonly<Record<string, string | number | undefined>>): Promise<Json | null>;
  /** The exchange's time: this machine's, but for a local exchange, whose answers say it. */
  nowMs(): number;
}

export interface PublicReadsOptions {
  /** With its path, e.g. ending in `/trade-api/v2`. */
  readonly restUrl: string;
  readonly signal: AbortSignal;
  /** Least time between two requests. @default 60 */
  readonly spacingMs?: number;
  /** Pause before the first repetition; doubles, up to 64 times. @default 500 */
  readonly retryBaseMs?: number;
  /** Told when a request has failed more than once, and is repeated after `waitMs`. */
  readonly onTrouble?: (trouble: string, waitMs: number) => void;
}

const ATTEMPTS = 8;

/** A whole answer. */
interface Answer {
  readonly status: number;
  readonly text: string;
}

/** @throws MmError `rest-url` */
export function createPublicReads(options: PublicReadsOptions): PublicReads {
  if (!/^https?:$/.test(URL.parse(options.restUrl)?.protocol ?? '')) {
    throw new MmError('rest-url', `Not the REST address of an exchange: ${options.restUrl}`, {
      todo: 'Use e.g. https://external-api.kalshi.com/trade-api/v2, with the path.',
    });
  }
  const base = options.restUrl.replace(/\/$/, '');
  const { signal, spacingMs = 60, retryBaseMs = 500 } = options;
  let nextMs = 0;
  let toldMs: number | null = null;

  /** @returns what went wrong, as text, when the request may be repeated */
  const once = async (url: URL): Promise<Answer | string> => {
    await wait(Math.max(0, nextMs - performance.now()), undefined, { signal });
    nextMs = performance.now() + spacingMs;
    try {
      const response = await fetch(url, { signal, headers: { accept: 'application/json' } });
      toldMs = Number(/^now=(\d+)/.exec(response.headers.get('x-exchange-clock') ?? '')?.[1]) || null;
      const { status } = response;
      if (status !== 429 && status < 500) return { status, text: await response.text() };
      await response.body?.cancel();
      return `HTTP ${status}`;
    } catch (error) {
      signal.throwIfAborted();
      return String((error as Error).cause ?? error);
    }
  };

  return {
    nowMs: () => toldMs ?? Date.now(),
    async get(path, query) {
      const url = new URL(base + path);
      for (const [name, value] of Object.entries(query)) {
        if (value !== undefined && value !== '') url.searchParams.set(name, String(value));
      }
      let trouble = '';
      for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
        if (attempt > 0) {
          const waitMs = retryBaseMs * 2 ** Math.min(6, attempt - 1);
          if (attempt > 1) options.onTrouble?.(`no answer from ${url.origin} (${trouble})`, waitMs);
          await wait(waitMs, undefined, { signal });
        }
        const answer = await once(url);
        if (typeof answer === 'string') trouble = answer;
        else return readAnswer(path, answer);
      }
      throw new MmError('exchange-unreachable', `GET ${path}: no answer from ${url.origin} (${trouble})`, {
        todo: 'Check the address and the network, then run the same command again: it goes on where it stopped.',
        recovery: 'retry',
      });
    },
  };
}

function readAnswer(path: string, { status, text }: Answer): Json | null {
  if (status === 404) return null;
  if (status < 200 || status >= 300) {
    throw new MmError('exchange-refused', `GET ${path} was refused with HTTP ${status}`, {
      facts: { answer: text.slice(0, 200) },
      todo: 'Correct the names and times that were asked for.',
    });
  }
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Json;
  } catch {
    // Told below.
  }
  throw new MmError('answer-malformed', `GET ${path} did not answer with a JSON object`, {
    facts: { answer: text.slice(0, 200) },
    todo: 'Check that the address is the REST address of an exchange.',
  });
}
