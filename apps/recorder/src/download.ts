import { MmError } from '@kalshi-mm/core';
import { type HistoryQuery, HistoryStore } from './history-store.ts';
import type { Json, PublicReads } from './public-reads.ts';

export const HISTORY_KINDS = ['markets', 'trades', 'candles'] as const;

export interface DownloadOptions extends HistoryQuery {
  readonly reads: PublicReads;
  readonly dir: string;
  readonly onProgress?: (progress: DownloadProgress) => void;
}

export interface DownloadProgress {
  readonly done: number;
  readonly total: number;
  readonly records: number;
}

export interface DownloadSummary {
  readonly dir: string;
  readonly markets: number;
  /** Records that this run has read. */
  readonly records: number;
}

/**
 * Downloads public history into a folder, each record as the exchange printed it: markets with their settlement,
 * trades, candles. What is older than the exchange's cut-off is read from its historical endpoints. The same call
 * goes on where an earlier one was stopped.
 *
 * @throws MmError `other-download`, `market-not-found`, or what a request is refused for
 */
export async function download(options: DownloadOptions): Promise<DownloadSummary> {
  const { reads, dir, onProgress, ...query } = options;
  const store = new HistoryStore(dir, query);
  const run = new Download(reads, store, query, onProgress);
  await run.markets();
  const markets = store.records('markets.jsonl') as MarketRecord[];
  await run.rest(markets);
  return { dir, markets: markets.length, records: run.records };
}

interface MarketRecord {
  readonly series_ticker: string;
  readonly market: Json;
}

/** Candles of one request; the exchange gives at most 10,000. */
const CANDLES_AT_ONCE = 4_000;

class Download {
  records = 0;
  readonly #reads: PublicReads;
  readonly #store: HistoryStore;
  readonly #query: HistoryQuery;
  readonly #onProgress: ((progress: DownloadProgress) => void) | undefined;
  #done = 0;
  #total = 1;

  constructor(
    reads: PublicReads,
    store: HistoryStore,
    query: HistoryQuery,
    onProgress: ((progress: DownloadProgress) => void) | undefined,
  ) {
    this.#reads = reads;
    this.#store = store;
    this.#query = query;
    this.#onProgress = onProgress;
  }

  /** Markets and the series that they belong to. */
  async markets(): Promise<void> {
    if (this.#store.isComplete('markets.jsonl')) return;
    const found = new Map<string, MarketRecord>();
    for (const series of this.#query.series) {
      for (const path of ['/historical/markets', '/markets']) {
        for await (const { items } of this.#pages(path, 'markets', { series_ticker: series }, '')) {
          for (const market of items) found.set(nameOf(market), { series_ticker: series, market });
        }
      }
    }
    for (const ticker of this.#query.tickers) {
      const record = await this.#market(ticker);
      found.set(ticker, record);
    }
    const { fromTs, toTs } = this.#query;
    const wanted = [...found.values()].filter(
      ({ market }) => secondsOf(market.open_time) <= toTs && secondsOf(market.close_time) >= fromTs,
    );
    const series = new Set(wanted.map((record) => record.series_ticker));
    const facts = await Promise.all([...series].map((name) => this.#need(`/series/${name}`, 'series')));
    await this.#store.add('series.jsonl', facts, null);
    await this.#store.add('markets.jsonl', wanted, null);
    this.#count(wanted.length);
  }

  async rest(markets: readonly MarketRecord[]): Promise<void> {
    const { what } = this.#query;
    const kinds = HISTORY_KINDS.filter((kind) => kind !== 'markets' && what.includes(kind));
    this.#total = 1 + markets.length * kinds.length;
    this.#done = 1;
    const cutoff = kinds.includes('trades')
      ? secondsOf((await this.#answer('/historical/cutoff')).trades_created_ts)
      : 0;
    for (const record of markets) {
      for (const kind of kinds) {
        if (kind === 'trades') await this.#trades(nameOf(record.market), cutoff);
        else await this.#candles(record);
        this.#done++;
        this.#count(0);
      }
    }
  }

  /** `next` is the endpoint and its cursor. */
  async #trades(ticker: string, cutoff: number): Promise<void> {
    const file = `trades/${ticker}.jsonl`;
    if (this.#store.isComplete(file)) return;
    const { fromTs, toTs } = this.#query;
    // The cut-off lies within a second, and each tier holds its part of that second.
    const tiers = [
      { name: 'historical', path: '/historical/trades', min_ts: fromTs, max_ts: Math.min(toTs, cutoff + 1) },
      { name: 'live', path: '/markets/trades', min_ts: Math.max(fromTs, cutoff), max_ts: toTs },
    ].filter(({ min_ts, max_ts }) => min_ts <= max_ts);
    const [tierName, at = ''] = this.#store.next(file).split(/ (.*)/);
    const start = Math.max(
      0,
      tiers.findIndex(({ name }) => name === tierName),
    );
    for (const [i, { name, path, min_ts, max_ts }] of tiers.slice(start).entries()) {
      const following = tiers[start + i + 1];
      const pages = this.#pages(path, 'trades', { ticker, min_ts, max_ts, limit: 1_000 }, i === 0 ? at : '');
      for await (const { items, cursor } of pages) {
        const next =
          cursor !== '' ? `${name} ${cursor}` : following === undefined ? null : `${following.name} `;
        await this.#store.add(file, items, next);
        this.#count(items.length);
      }
    }
    if (tiers.length === 0) await this.#store.add(file, [], null);
  }

  /** `next` is the start of the next stretch, Unix seconds. */
  async #candles({ series_ticker, market }: MarketRecord): Promise<void> {
    const ticker = nameOf(market);
    const file = `candles/${ticker}.jsonl`;
    if (this.#store.isComplete(file)) return;
    const { fromTs, toTs, periodMinutes } = this.#query;
    const lastTs = Math.min(toTs, secondsOf(market.close_time) + periodMinutes * 60);
    let startTs = Number(this.#store.next(file)) || Math.max(fromTs, secondsOf(market.open_time));
    do {
      const endTs = Math.min(lastTs, startTs + CANDLES_AT_ONCE * periodMinutes * 60);
      const query = { start_ts: startTs, end_ts: endTs, period_interval: periodMinutes };
      const answer =
        (await this.#reads.get(`/series/${series_ticker}/markets/${ticker}/candlesticks`, query)) ??
        (await this.#reads.get(`/historical/markets/${ticker}/candlesticks`, query));
      const items = listOf(answer ?? {}, 'candlesticks');
      startTs = endTs + 1;
      await this.#store.add(file, items, startTs > lastTs ? null : String(startTs));
      this.#count(items.length);
    } while (startTs <= lastTs);
  }

  async #market(ticker: string): Promise<MarketRecord> {
    const answer =
      (await this.#reads.get(`/markets/${ticker}`, {})) ??
      (await this.#reads.get(`/historical/markets/${ticker}`, {}));
    if (answer === null) {
      throw new MmError('market-not-found', `The exchange knows no market ${ticker}`, {
        todo: 'Check the ticker.',
      });
    }
    const market = answer.market as Json;
    const event = (await this.#need(`/events/${String(market.event_ticker)}`, 'event')) as Json;
    return { series_ticker: String(event.series_ticker), market };
  }

  /** The value under a key of an answer that must be there. */
  async #need(path: string, key: string): Promise<unknown> {
    return (await this.#answer(path))[key];
  }

  async #answer(path: string): Promise<Json> {
    const answer = await this.#reads.get(path, {});
    if (answer !== null) return answer;
    throw new MmError('market-not-found', `The exchange has nothing at ${path}`, {
      todo: 'Check the names.',
    });
  }

  async *#pages(
    path: string,
    key: string,
    query: Readonly<Record<string, string | number>>,
    start: string,
  ): AsyncGenerator<{ readonly items: readonly Json[]; readonly cursor: string }> {
    const seen = new Set<string>();
    let cursor = start;
    do {
      const answer = (await this.#reads.get(path, { limit: 1_000, ...query, cursor })) ?? {};
      cursor = typeof answer.cursor === 'string' ? answer.cursor : '';
      if (seen.has(cursor)) {
        throw new MmError('paging-loop', `GET ${path}: the same cursor came twice`, { recovery: 'retry' });
      }
      seen.add(cursor);
      yield { items: listOf(answer, key), cursor };
    } while (cursor !== '');
  }

  #count(records: number): void {
    this.records += records;
    this.#onProgress?.({ done: this.#done, total: this.#total, records: this.records });
  }
}

const nameOf = (market: Json): string => String(market.ticker);

function secondsOf(time: unknown): number {
  const ms = Date.parse(String(time));
  if (Number.isNaN(ms)) {
    throw new MmError('answer-malformed', `The exchange gave a time that is none: ${String(time)}`);
  }
  return Math.floor(ms / 1_000);
}

function listOf(answer: Json, key: string): readonly Json[] {
  const list = answer[key] ?? [];
  if (!Array.isArray(list)) throw new MmError('answer-malformed', `The exchange gave no list of ${key}`);
  return list;
}
