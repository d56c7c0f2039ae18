import { generateKeyPairSync } from 'node:crypto';
import { type Clock, type Event, type Ticker, Timestamp } from '@kalshi-mm/core';
import { connectKalshi, createSigner, type KalshiConnection, type Signer } from '@kalshi-mm/kalshi-client';
import { createLocalExchange, type LocalExchange } from '@kalshi-mm/local-exchange';

/** A local exchange on a clock that the test turns, and a client of it. */
export interface PollBench {
  readonly local: LocalExchange;
  readonly kalshi: KalshiConnection;
  readonly signer: Signer;
  readonly clock: Clock;
  /** Everything told to `sink`, in order. */
  readonly events: Event[];
  readonly sink: (event: Event) => void;
  readonly active: readonly Ticker[];
  /** For `signer`, by the exchange's idea of wall time. */
  wallNow(): Timestamp;
  /** Lets the exchange live for `ms`, in turns. */
  advance(ms: number): void;
  /** Resolves at the first event from now on that fits. */
  next(fits: (event: Event) => boolean): Promise<Event>;
  close(): Promise<void>;
}

const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const privateKeyPem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();

export async function openPollBench(): Promise<PollBench> {
  let wallMs = Date.UTC(2026, 9, 1);
  const wallNow = (): Timestamp => Timestamp.of(wallMs);
  const local = await createLocalExchange({
    world: { kind: 'synthetic', seed: 7 },
    users: [{ userId: 'alice', keyId: 'key-1', publicKey, cashDollars: 1_000 }],
    wallClock: wallNow,
    startImmediately: true,
    tier: 'prestige',
  });
  const signer = createSigner({ keyId: 'key-1', privateKeyPem });
  const events: Event[] = [];
  const waiting = new Set<{ fits: (event: Event) => boolean; resolve: (event: Event) => void }>();
  const kalshi = await connectKalshi({
    restUrl: local.restUrl,
    signer,
    clock: { now: wallNow },
    sink: () => {},
  });
  return {
    ...{ local, kalshi, signer, events, wallNow },
    clock: { now: () => local.exchange.nowMs },
    active: local.exchange
      .markets()
      .filter((market) => market.status === 'active')
      .map((market) => market.ticker),
    sink(event) {
      events.push({ ...event });
      for (const each of waiting) {
        if (!each.fits(event)) continue;
        waiting.delete(each);
        each.resolve(event);
      }
    },
    advance(ms) {
      for (let passed = 0; passed < ms; passed += 100) {
        wallMs += 100;
        local.turn();
      }
    },
    next: (fits) => new Promise((resolve) => waiting.add({ fits, resolve })),
    async close() {
      await kalshi.close();
      await local.close();
    },
  };
}
