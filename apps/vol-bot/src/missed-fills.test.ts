import { rmSync } from 'node:fs';
import { BotConfig } from '@kalshi-mm/assembly';
import { ClientOrderId, Count, type Event, Price, type Side } from '@kalshi-mm/core';
import { connectKalshi, createSigner, loadPrivateKey } from '@kalshi-mm/kalshi-client';
import { ExchangeClock, systemClock } from '@kalshi-mm/runtime';
import { expect, it } from 'vitest';
import { createLogger } from './logger.ts';
import { createMarketFeed } from './market-feed.ts';
import { Reconciler } from './reconciler.ts';
import { BOT, openBench, RIVAL, until } from './testing/bench.ts';

/** So rarely that no regular read comes into the test. */
const NEVER_MS = 3_600_000;

it('hears of a fill whose frame was cut off, though nothing else of the account can be read', async () => {
  const bench = await openBench({ kind: 'synthetic', seed: 7 }, 1);
  const { local } = bench;
  const { exchange } = local;
  const market = exchange
    .markets()
    .filter(({ status }) => status === 'active')
    .sort((a, b) => b.closeMs - a.closeMs)[0]!;
  const place = (user: string, side: Side, cents: number): void => {
    const placed = exchange.place(user, {
      ...{ ticker: market.ticker, side, price: Price.of(100 * cents), count: Count.of(100) },
      clientOrderId: ClientOrderId.of(`${user}-1`),
      ...{ timeInForce: 'good-till-canceled', selfTradePrevention: 'maker', expirationMs: null },
      ...{ postOnly: false, reduceOnly: false, cancelOnPause: false },
    });
    if (!placed.ok) throw new Error(placed.error.code);
  };
  const { keyId, privateKeyPath } = bench;
  const signer = createSigner({ keyId, privateKeyPem: loadPrivateKey(privateKeyPath) });
  const clock = new ExchangeClock();
  const events: Event[] = [];
  const sink = (event: Event): void => void events.push({ ...event });
  const connection = await connectKalshi({
    ...{ restUrl: local.restUrl, signer, clock, wallClock: systemClock, sink },
    onResponse: (headers) => void clock.syncFromHeader(headers.get('x-exchange-clock')),
  });
  const log = createLogger('silent', true);
  const reconciler = new Reconciler({
    ...{ client: connection.client, clock, post: sink, log, everyMs: NEVER_MS, sinceMs: clock.now() },
    engine: { portfolio: { differences: new Map() }, view: { market: () => null } } as never,
    concerns: () => true,
  });
  const { feed } = createMarketFeed(
    {
      config: BotConfig.parse({}),
      ...{ signer, restUrl: local.restUrl, wsUrl: local.wsUrl, paper: false, sessions: 'always' },
      ...{ dataDir: bench.dir, recordDir: null, log, stop: new AbortController().signal },
    },
    connection,
    clock,
    sink,
    {
      ...{ onLifecycle() {}, onTrouble() {}, readAccount: async () => {} },
      onMissedAccount: () => reconciler.readSoon(),
    },
  );
  feed.setMarkets([market.ticker]);
  await feed.start();
  reconciler.start();

  place(BOT, 'bid', 1);
  // All that others bid above it goes first.
  const mine = () => exchange.fills(BOT);
  local.faults.inject('feedDisconnect', { match: 'fill' });
  local.faults.inject('restUnavailable', { match: 'GET /portfolio/settlements', times: 1_000 });
  const told = (): string[] =>
    events.flatMap((event) => (event.type === 'order.filled' ? [event.fill.fillId] : []));
  for (let n = 0; mine().length === 0; n++) {
    exchange.place(RIVAL, {
      ...{ ticker: market.ticker, side: 'ask', price: Price.of(100), count: Count.of(100_000) },
      clientOrderId: ClientOrderId.of(`take-${n}`),
      ...{ timeInForce: 'immediate-or-cancel', selfTradePrevention: 'taker-at-cross', expirationMs: null },
      ...{ postOnly: false, reduceOnly: false, cancelOnPause: false },
    });
  }
  await until('the fill', () => told().length > 0);
  expect(local.faults.happened('feedDisconnect')).toBe(1);
  expect(told()).toEqual(mine().map(({ fillId }) => fillId));
  expect(reconciler.reads).toBe(0);

  feed.close();
  await connection.close();
  await reconciler.stop();
  await bench.close();
  rmSync(bench.dir, { recursive: true });
});
