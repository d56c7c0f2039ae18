import {
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLocalExchange } from '@kalshi-mm/local-exchange';
import { importDataset, openTape, RowKind } from '@kalshi-mm/tape';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { download } from './download.ts';
import { createPublicReads, type PublicReads } from './public-reads.ts';

const folder = mkdtempSync(join(tmpdir(), 'download-'));
const signal = new AbortController().signal;
const series = 'KXETH15M';
const single = 'KXBTC15M-26OCT051015-15';

/** An exchange that has lived for 14 minutes and stands still unless it is told to live on. */
async function startWorld() {
  let wallMs = 1_790_000_000_000;
  const local = await createLocalExchange({
    world: { kind: 'synthetic', seed: 7 },
    users: [],
    speed: 300,
    wallClock: () => wallMs,
    startImmediately: true,
    // A part of the trades, and the first market, are in the historical tier.
    historicalAfterMs: 300_000,
  });
  /** Per ticker: price, count, side, time. */
  const traded = new Map<string, string[]>();
  local.exchange.addListener((output) => {
    if (output.type !== 'trade') return;
    const { ticker, price, count, takerSide, atMs } = output.trade;
    if (!ticker.startsWith(series) && ticker !== single) return;
    const list = traded.get(ticker) ?? [];
    list.push(`${price} ${count} ${takerSide} ${atMs}`);
    traded.set(ticker, list);
  });
  const live = async (ms: number): Promise<void> => {
    const untilMs = local.exchange.nowMs + ms;
    while (local.exchange.nowMs < untilMs) {
      wallMs += 50;
      local.turn();
      await new Promise(setImmediate);
    }
  };
  await live(14 * 60_000);
  const all = createPublicReads({ restUrl: local.restUrl, signal, spacingMs: 0, retryBaseMs: 1 });
  // Small pages, so that lists have several.
  const reads: PublicReads = {
    get: (path, query) => all.get(path, query.limit === undefined ? query : { ...query, limit: 100 }),
    nowMs: () => all.nowMs(),
  };
  const ask = (dir: string, through = reads, toTs = FAR_TS, fromTs = FROM_TS) =>
    download({
      reads: through,
      dir,
      restUrl: local.restUrl,
      series: [series],
      tickers: [single],
      what: ['trades', 'candles'],
      fromTs,
      toTs,
      periodMinutes: 1,
    });
  return { local, traded, live, reads, ask };
}

const FROM_TS = Date.parse('2026-10-05T14:00:00Z') / 1_000;
const FAR_TS = Date.parse('2026-10-05T23:00:00Z') / 1_000;

let world: Awaited<ReturnType<typeof startWorld>>;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(async () => {
  await world.local.close();
  rmSync(folder, { recursive: true });
});

/** The trades and the volumes of candles on tapes of a download, per ticker. */
async function contentOf(dir: string) {
  const out = join(folder, 'content.tape');
  const { warnings } = await importDataset(dir, out, { part: 'trades' });
  const tape = openTape(out);
  const trades = new Map<string, string[]>();
  for (const block of tape.blocks()) {
    for (let i = 0; i < block.rows; i++) {
      const { ticker } = tape.header.markets[block.market[i]!]!;
      const side = block.side[i] === 0 ? 'bid' : 'ask';
      const list = trades.get(ticker) ?? [];
      list.push(`${block.price[i]} ${block.count[i]} ${side} ${block.exchangeMs[i]}`);
      trades.set(ticker, list);
    }
  }
  tape.close();
  const { markets } = tape.header;
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
  return { trades, volumes, markets, warnings };
}

const sorted = (trades: ReadonlyMap<string, readonly string[]>, upToMs = Number.POSITIVE_INFINITY) =>
  Object.fromEntries(
    [...trades]
      .map(([ticker, list]) => [ticker, list.filter((trade) => timeOf(trade) <= upToMs).sort()] as const)
      .filter(([, list]) => list.length > 0)
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );
const timeOf = (trade: string): number => Number(trade.split(' ')[3]);

const filesOf = (dir: string): Record<string, string> =>
  Object.fromEntries(
    readdirSync(dir, { recursive: true, encoding: 'utf8' })
      .filter((name) => /\.json/.test(name))
      .sort()
      .map((name) => [name, readFileSync(join(dir, name), 'utf8')]),
  );

describe('a download', () => {
  it('holds every trade of both tiers once, the candles, and the settled markets', async () => {
    const { local, traded, ask } = world;
    const dir = join(folder, 'whole');
    const summary = await ask(dir);
    expect(summary).toMatchObject({
      ...{ markets: 3, upToTs: Math.floor(local.exchange.nowMs / 1_000), withoutCandles: [] },
    });
    const { trades, volumes, markets, warnings } = await contentOf(dir);
    expect(warnings).toHaveLength(1);
    expect(sorted(trades)).toEqual(sorted(traded, summary.upToTs * 1_000));
    expect([...trades.values()].filter((list) => list.length > 10).length).toBeGreaterThan(1);
    const settled = markets.find(({ ticker }) => ticker === 'KXETH15M-26OCT051005-05')!;
    const known = local.exchange.market(settled.ticker)!;
    expect(settled).toMatchObject({
      ...{ result: known.result, settlementPrice: known.settlementPrice, settledMs: known.settledMs },
      ...{ fees: known.fees, category: known.category, closeMs: known.closeMs, status: 'finalized' },
    });
    const overMs = Math.floor(summary.upToTs / 60) * 60_000;
    for (const [ticker, list] of traded) {
      const inCandles = list.filter((trade) => timeOf(trade) < overMs);
      const sum = inCandles.reduce((total, trade) => total + Number(trade.split(' ')[1]), 0);
      expect(volumes.get(ticker)).toBe(sum);
    }
  });

  it('goes on where it was stopped, after whichever request that was', async () => {
    const { reads, ask } = world;
    const whole = filesOf(join(folder, 'whole'));
    let requests = 0;
    const trades: Record<string, number> = {};
    await ask(join(folder, 'counted'), {
      ...reads,
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
      await expect(ask(dir, dyingAt(stopAt, reads))).rejects.toThrow('killed');
      await ask(dir);
      expect(filesOf(dir)).toEqual(whole);
    }
  });

  it('refuses another question in the same folder, and a second download into it', async () => {
    const { local, reads } = world;
    const other = download({
      ...{ reads, dir: join(folder, 'whole'), restUrl: local.restUrl, series: [], tickers: ['X'] },
      ...{ what: ['trades'], fromTs: 0, toTs: 1, periodMinutes: 1 },
    });
    await expect(other).rejects.toMatchObject({ code: 'other-download' });
    const dir = join(folder, 'busy');
    const first = world.ask(dir);
    await expect(world.ask(dir)).rejects.toMatchObject({ code: 'folder-in-use' });
    await first;
  });

  it('refuses a folder that has lost what was written to it, and fills nothing up', async () => {
    const { ask } = world;
    const trades = `trades/${single}.jsonl`;
    for (const [name, damage] of [
      ['short', (dir: string) => truncateSync(join(dir, trades), 10)],
      ['gone', (dir: string) => rmSync(join(dir, trades))],
      ['empty', (dir: string) => writeFileSync(join(dir, 'history.json'), '')],
    ] as const) {
      const dir = join(folder, name);
      cpSync(join(folder, 'whole'), dir, { recursive: true });
      damage(dir);
      const before = filesOf(dir);
      await expect(ask(dir)).rejects.toMatchObject({ code: 'history-damaged' });
      expect(filesOf(dir)).toEqual(before);
    }
  });

  it('names the markets without candles, and asks for them again the next time', async () => {
    const { reads, ask } = world;
    const dir = join(folder, 'without');
    const deaf: PublicReads = {
      ...reads,
      get: (path, query) =>
        path.includes(`${single}/candlesticks`) ? Promise.resolve(null) : reads.get(path, query),
    };
    expect(await ask(dir, deaf)).toMatchObject({ withoutCandles: [single] });
    expect((await importDataset(dir, join(folder, 'without.tape'), { part: 'candles' })).warnings).toContain(
      'The download is not complete: 1 markets are missing, or missing a part.',
    );
    expect(await ask(dir)).toMatchObject({ withoutCandles: [] });
    expect(filesOf(dir)[`candles/${single}.jsonl`]).toBe(
      filesOf(join(folder, 'whole'))[`candles/${single}.jsonl`],
    );
  });

  it('names a market that the exchange does not know', async () => {
    const { local, reads } = world;
    const dir = join(folder, 'unknown');
    const wrong = download({
      ...{ reads, dir, restUrl: local.restUrl, series: [], tickers: ['KXNONE-1'], what: [] },
      ...{ fromTs: 0, toTs: 1, periodMinutes: 1 },
    });
    await expect(wrong).rejects.toMatchObject({ code: 'market-not-found' });
    expect(existsSync(join(dir, 'markets.jsonl'))).toBe(false);
    // The folder is free for the right name.
    expect(await world.ask(dir)).toMatchObject({ markets: 3 });
  });

  it('names a series that the exchange does not know', async () => {
    const { local, reads } = world;
    const wrong = download({
      ...{
        reads,
        dir: join(folder, 'unknown-series'),
        restUrl: local.restUrl,
        series: ['KXNONE'],
        tickers: [],
      },
      ...{ what: [], fromTs: 0, toTs: 1, periodMinutes: 1 },
    });
    await expect(wrong).rejects.toMatchObject({ code: 'unknown-series' });
  });
});

/** Reads that fail at one of them. */
function dyingAt(stopAt: number, reads: PublicReads): PublicReads {
  let count = 0;
  return {
    ...reads,
    get: (path, query) => (count++ === stopAt ? Promise.reject(new Error('killed')) : reads.get(path, query)),
  };
}

describe('while the exchange lives on, a download', () => {
  let living: Awaited<ReturnType<typeof startWorld>>;
  beforeEach(async () => {
    living = await startWorld();
  });
  afterEach(() => living.local.close());

  it.each([
    ['begins behind', 840],
    ['begins before', 240],
  ])(
    'that %s the cut-off loses nothing to it, and has nothing twice, when it moves all the time',
    async (name, seconds) => {
      const { local, traded, live, reads, ask } = living;
      const toTs = Math.floor(local.exchange.nowMs / 1_000);
      const dir = join(folder, name);
      const cutoffs: number[] = [];
      const moving: PublicReads = {
        ...reads,
        async get(path, query) {
          const answer = await reads.get(path, query);
          if (path === '/historical/cutoff') {
            cutoffs.push(Math.floor(Date.parse(String(answer?.trades_created_ts)) / 1_000));
          }
          await live(15_000);
          return answer;
        },
      };
      const fromTs = toTs - seconds;
      await ask(dir, moving, toTs, fromTs);
      expect(cutoffs).toEqual([toTs - 300, expect.toSatisfy((ts: number) => ts > toTs - 200)]);
      const { trades, warnings } = await contentOf(dir);
      const wanted = [...traded].map(
        ([ticker, list]) => [ticker, list.filter((trade) => timeOf(trade) >= fromTs * 1_000)] as const,
      );
      expect(sorted(trades)).toEqual(sorted(new Map(wanted), toTs * 1_000));
      expect(warnings).toHaveLength(1);
      for (const [file, text] of Object.entries(filesOf(dir))) {
        if (!file.startsWith('trades')) continue;
        const ids = text
          .trim()
          .split('\n')
          .map((line) => JSON.parse(line).trade_id);
        expect(new Set(ids).size).toBe(ids.length);
      }
    },
  );

  it('loses no market that leaves the list of the live ones before the other list is read', async () => {
    const { local, live, reads, ask } = living;
    const leaving = () =>
      local.exchange
        .markets()
        .find(
          ({ seriesTicker, settledMs }) =>
            seriesTicker === series && settledMs !== null && settledMs + 240_000 > local.exchange.nowMs,
        );
    while (leaving() === undefined) await live(15_000);
    const { ticker, settledMs } = leaving()!;
    // Time goes in steps of 15 s.
    await live(settledMs! + 260_000 - local.exchange.nowMs);
    const lists: string[] = [];
    const moving: PublicReads = {
      ...reads,
      async get(path, query) {
        const answer = await reads.get(path, query);
        if (query.series_ticker === undefined) return answer;
        const tickers = (answer!.markets as { ticker: string }[]).map((market) => market.ticker);
        lists.push(`${path} ${tickers.includes(ticker)}`);
        if (lists.length === 1) await live(60_000);
        return answer;
      },
    };
    const dir = join(folder, 'leaving');
    await ask(dir, moving);
    expect(lists).toEqual(['/markets true', '/historical/markets true']);
    expect((await contentOf(dir)).markets.map((market) => market.ticker)).toContain(ticker);
  });

  it('is extended by the same command, also after it was stopped at any request', async () => {
    const { local, traded, live, ask, reads } = living;
    const dir = join(folder, 'extended');
    const first = await ask(dir);
    const before = filesOf(dir);
    expect(await ask(dir)).toMatchObject({ records: 0 });
    expect(filesOf(dir)).toEqual(before);

    await live(6 * 60_000);
    let requests = 0;
    const copy = join(folder, 'extended-counted');
    cpSync(dir, copy, { recursive: true });
    const counting: PublicReads = {
      ...reads,
      get(path, query) {
        requests++;
        return reads.get(path, query);
      },
    };
    const second = await ask(copy, counting);
    expect(second.upToTs).toBeGreaterThanOrEqual(first.upToTs + 360);
    const { trades, volumes, markets, warnings } = await contentOf(copy);
    expect(warnings).toHaveLength(1);
    expect(sorted(trades)).toEqual(sorted(traded, second.upToTs * 1_000));
    // A market that has settled meanwhile is known as such.
    const fresh = join(folder, 'fresh');
    await ask(fresh);
    const anew = await contentOf(fresh);
    expect(volumes).toEqual(anew.volumes);
    expect([...markets].sort(byTicker)).toEqual([...anew.markets].sort(byTicker));
    expect(markets.some(({ status }) => status === 'finalized')).toBe(true);
    // What was there has stayed where it was.
    for (const [name, text] of Object.entries(before)) {
      if (name.endsWith('.jsonl')) expect(filesOf(copy)[name]!.startsWith(text)).toBe(true);
    }
    const whole = filesOf(copy);
    for (let stopAt = 0; stopAt < requests; stopAt += 2) {
      const stopped = join(folder, `extended-${stopAt}`);
      cpSync(dir, stopped, { recursive: true });
      await expect(ask(stopped, dyingAt(stopAt, reads))).rejects.toThrow('killed');
      await ask(stopped);
      expect(filesOf(stopped)).toEqual(whole);
    }
    // A pass that was stopped goes to its own end first, then on to the new one.
    const late = join(folder, 'late');
    cpSync(dir, late, { recursive: true });
    await expect(ask(late, dyingAt(requests - 3, reads))).rejects.toThrow('killed');
    await live(2 * 60_000);
    const third = await ask(late);
    expect(third.upToTs).toBe(Math.floor(local.exchange.nowMs / 1_000));
    expect(sorted((await contentOf(late)).trades)).toEqual(sorted(traded, third.upToTs * 1_000));
  });
});

const byTicker = (a: { readonly ticker: string }, b: { readonly ticker: string }): number =>
  a.ticker < b.ticker ? -1 : 1;

describe('reads', () => {
  it('are repeated after 429, 5xx and an answer that breaks off, and refused for the rest', async () => {
    const answers = [429, 503, 'broken', 200, 400] as (number | 'broken')[];
    const server = createServer((_request, response) => {
      if (answers[0] === 'broken') {
        answers.shift();
        response.writeHead(200, { 'content-length': 100 }).write('{"ok":', () => response.destroy());
        return;
      }
      response
        .writeHead(Number(answers.shift() ?? 500), { 'content-type': 'application/json' })
        .end('{"ok":true}');
    });
    await new Promise<void>((resolve) => {
      server.listen(0, '127.0.0.1', resolve);
    });
    const restUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const told: string[] = [];
    const onTrouble = (trouble: string, waitMs: number) => told.push(`${trouble} ${waitMs}`);
    const patient = createPublicReads({ restUrl, signal, spacingMs: 0, retryBaseMs: 1, onTrouble });
    expect(await patient.get('/x', {})).toEqual({ ok: true });
    await expect(patient.get('/x', {})).rejects.toMatchObject({ code: 'exchange-refused' });
    expect(told).toEqual([
      `no answer from ${restUrl} (HTTP 503) 2`,
      expect.stringMatching(/^no answer from \S+ \(SocketError: .+\) 4$/),
    ]);
    await expect(patient.get('/x', {})).rejects.toMatchObject({ code: 'exchange-unreachable' });
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
});
