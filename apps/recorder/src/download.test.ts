import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLocalExchange, type LocalExchange } from '@kalshi-mm/local-exchange';
import { importDataset, openTape, RowKind } from '@kalshi-mm/tape';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { download } from './download.ts';
import { createPublicReads, type PublicReads } from './public-reads.ts';

const folder = mkdtempSync(join(tmpdir(), 'download-'));
const signal = new AbortController().signal;
let local: LocalExchange;
let reads: PublicReads;
const series = 'KXETH15M';
/** Per ticker, newest first: price, count, side, time. */
const traded = new Map<string, string[]>();

beforeAll(async () => {
  let wallMs = Date.now();
  local = await createLocalExchange({
    world: { kind: 'synthetic', seed: 7 },
    users: [],
    speed: 300,
    wallClock: () => wallMs,
    startImmediately: true,
    // A part of the trades, and the first market, are in the historical tier.
    historicalAfterMs: 300_000,
  });
  local.exchange.addListener((output) => {
    if (output.type !== 'trade' || !output.trade.ticker.startsWith(series)) return;
    const { ticker, price, count, takerSide, atMs } = output.trade;
    const list = traded.get(ticker) ?? [];
    list.push(`${price} ${count} ${takerSide} ${atMs}`);
    traded.set(ticker, list);
  });
  const startMs = local.exchange.nowMs;
  while (local.exchange.nowMs < startMs + 14 * 60_000) {
    wallMs += 50;
    local.turn();
    await new Promise(setImmediate);
  }
  const all = createPublicReads({ restUrl: local.restUrl, signal, spacingMs: 0, retryBaseMs: 1 });
  // Small pages, so that lists have several.
  reads = {
    get: (path, query) => all.get(path, query.limit === undefined ? query : { ...query, limit: 50 }),
  };
});
afterAll(async () => {
  await local.close();
  rmSync(folder, { recursive: true });
});

const ask = (dir: string, through: PublicReads = reads) =>
  download({
    reads: through,
    dir,
    restUrl: local.restUrl,
    series: [series],
    tickers: ['KXBTC15M-26OCT051015-15'],
    what: ['trades', 'candles'],
    fromTs: Date.parse('2026-10-05T14:00:00Z') / 1_000,
    toTs: Date.parse('2026-10-05T15:00:00Z') / 1_000,
    periodMinutes: 1,
  });

const filesOf = (dir: string): Record<string, string> =>
  Object.fromEntries(
    readdirSync(dir, { recursive: true, encoding: 'utf8' })
      .filter((name) => /\.json/.test(name))
      .sort()
      .map((name) => [name, readFileSync(join(dir, name), 'utf8')]),
  );

describe('a download', () => {
  it('holds every trade of both tiers once, the candles, and the settled markets', async () => {
    const dir = join(folder, 'whole');
    const summary = await ask(dir);
    expect(summary.markets).toBe(3);
    const out = join(folder, 'trades.tape');
    const report = await importDataset(dir, out, { part: 'trades' });
    expect(report.warnings).toHaveLength(1);
    const tape = openTape(out);
    const found = new Map<string, string[]>();
    for (const block of tape.blocks()) {
      for (let i = 0; i < block.rows; i++) {
        const { ticker } = tape.header.markets[block.market[i]!]!;
        const side = block.side[i] === 0 ? 'bid' : 'ask';
        const list = found.get(ticker) ?? [];
        list.push(`${block.price[i]} ${block.count[i]} ${side} ${block.exchangeMs[i]}`);
        found.set(ticker, list);
      }
    }
    tape.close();
    expect(traded.size).toBe(2);
    for (const [ticker, list] of traded) {
      expect(list.length).toBeGreaterThan(10);
      expect(found.get(ticker)?.sort()).toEqual(list.sort());
    }
    const settled = tape.header.markets.find(({ ticker }) => ticker === 'KXETH15M-26OCT051005-05')!;
    const known = local.exchange.market(settled.ticker)!;
    expect(settled).toMatchObject({
      ...{ result: known.result, settlementPrice: known.settlementPrice, settledMs: known.settledMs },
      ...{ fees: known.fees, category: known.category, closeMs: known.closeMs, status: 'finalized' },
    });

    await importDataset(dir, out, { part: 'candles' });
    const candles = openTape(out);
    const volumes = new Map<string, number>();
    for (const block of candles.blocks()) {
      for (let i = 0; i < block.rows; i++) {
        if (block.kind[i] !== RowKind.candleVolume) continue;
        const { ticker } = candles.header.markets[block.market[i]!]!;
        volumes.set(ticker, (volumes.get(ticker) ?? 0) + block.count[i]!);
      }
    }
    candles.close();
    for (const [ticker, list] of traded) {
      const sum = list.reduce((total, trade) => total + Number(trade.split(' ')[1]), 0);
      expect(volumes.get(ticker)).toBe(sum);
    }
  });

  it('goes on where it was stopped, after whichever request that was', async () => {
    const whole = filesOf(join(folder, 'whole'));
    let requests = 0;
    const trades: Record<string, number> = {};
    await ask(join(folder, 'counted'), {
      async get(path, query) {
        requests++;
        const answer = await reads.get(path, query);
        if (Array.isArray(answer?.trades)) trades[path] = (trades[path] ?? 0) + answer.trades.length;
        return answer;
      },
    });
    expect(requests).toBeGreaterThan(15);
    expect(trades).toEqual({
      '/historical/trades': expect.toSatisfy((count: number) => count > 10),
      '/markets/trades': expect.toSatisfy((count: number) => count > 10),
    });
    for (let stopAt = 0; stopAt < requests; stopAt++) {
      const dir = join(folder, `stopped-${stopAt}`);
      let count = 0;
      const dying: PublicReads = {
        get: (path, query) =>
          count++ === stopAt ? Promise.reject(new Error('killed')) : reads.get(path, query),
      };
      await expect(ask(dir, dying)).rejects.toThrow('killed');
      await ask(dir);
      expect(filesOf(dir)).toEqual(whole);
    }
  });

  it('refuses another question in the same folder', async () => {
    const other = download({
      ...{ reads, dir: join(folder, 'whole'), restUrl: local.restUrl, series: [], tickers: ['X'] },
      ...{ what: ['trades'], fromTs: 0, toTs: 1, periodMinutes: 1 },
    });
    await expect(other).rejects.toMatchObject({ code: 'other-download' });
  });

  it('names a market that the exchange does not know', async () => {
    const dir = join(folder, 'unknown');
    const wrong = download({
      ...{ reads, dir, restUrl: local.restUrl, series: [], tickers: ['KXNONE-1'], what: [] },
      ...{ fromTs: 0, toTs: 1, periodMinutes: 1 },
    });
    await expect(wrong).rejects.toMatchObject({ code: 'market-not-found' });
    expect(existsSync(join(dir, 'markets.jsonl'))).toBe(false);
  });
});

describe('reads', () => {
  it('are repeated after 429 and 5xx, and refused for the rest', async () => {
    const answers = [429, 503, 200, 400];
    const server = createServer((_request, response) => {
      response.writeHead(answers.shift() ?? 500, { 'content-type': 'application/json' }).end('{"ok":true}');
    });
    await new Promise<void>((resolve) => {
      server.listen(0, '127.0.0.1', resolve);
    });
    const restUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const patient = createPublicReads({ restUrl, signal, spacingMs: 0, retryBaseMs: 1 });
    expect(await patient.get('/x', {})).toEqual({ ok: true });
    await expect(patient.get('/x', {})).rejects.toMatchObject({ code: 'exchange-refused' });
    await expect(patient.get('/x', {})).rejects.toMatchObject({ code: 'exchange-unreachable' });
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
});
