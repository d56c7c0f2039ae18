import { MmError } from '@kalshi-mm/core';
import { lockFolder } from '@kalshi-mm/runtime';
import { type HistoryPass, type HistoryQuery, HistoryStore } from './history-store.ts';
import type { Json, PublicReads } from './public-reads.ts';

export const HISTORY_KINDS = ['markets', 'trades', 'candles'] as const;

export interface DownloadOptions extends HistoryQuery {
  /** Unix seconds; without it, or when it lies ahead, up to now. */
  readonly toTs?: number | undefined;
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
  /** Records that this run has added. */
  readonly records: number;
  /** The folder holds everything up to here, Unix seconds. */
  readonly upToTs: number;
  /** Markets of which the exchange knows no candles, live or historical. */
  readonly withoutCandles: readonly string[];
}

/**
 * Downloads public history into a folder, each record as the exchange printed it: markets with their settlement,
 * trades, candles. What is older than the exchange's cut-off is read from its historical endpoints, and what the cut-off
 * passes over meanwhile is not lost. The same call goes on where an earlier one was stopped; once it was finished, it
 * adds what is new, up to a later time.
 *
 * @throws MmError `other-download`, `history-damaged`, `folder-in-use`, `market-not-found`, `unknown-series`, or what a
 * request is refused for
 */
export async function download(options: DownloadOptions): Promise<DownloadSummary> {
  const { reads, dir, onProgress, toTs = Number.POSITIVE_INFINITY, ...query } = options;
  const unlock = lockFolder(dir, { program: 'recorder', flag: '--out' });
  try {
    return await new Download(reads, new HistoryStore(dir, query), query, onProgress).run(dir, toTs);
  } finally {
    unlock();
  }
}

interface MarketRecord {
  readonly series_ticker: string;
  readonly market: Json;
}

/** Candles of one request; the exchange gives at most 10,000. */
const CANDLES_AT_ONCE = 4_000;
/** A pass begins this long before the end of the last one, for what the exchange told late, seconds. */
const OVERLAP_S = 60;
/** How often a list may begin again from the top while it is read. */
const MOST_RESTARTS = 10;
const LISTS = ['series.jsonl', 'markets.jsonl'];

class Download {
  readonly #reads: PublicReads;
  readonly #store: HistoryStore;
  readonly #query: HistoryQuery;
  readonly #onProgress: ((progress: DownloadProgress) => void) | undefined;
  readonly #withoutCandles = new Set<string>();
  #records = 0;
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

  async run(dir: string, asked: number): Promise<DownloadSummary> {
    const store = this.#store;
    const cutoffTs = await this.#cutoff();
    // What lies ahead can be asked for later.
    const toTs = Math.min(asked, Math.floor(this.#reads.nowMs() / 1_000));
    let pass = store.pass;
    for (;;) {
      if (pass === null) {
        pass = { toTs, cutoffTs };
        store.begin(pass, LISTS);
      }
      const markets = await this.#finish(pass);
      // An earlier run may have left a pass to an earlier time.
      if (pass.toTs >= toTs) {
        return {
          ...{ dir, markets: markets.length, records: this.#records, upToTs: pass.toTs },
          withoutCandles: [...this.#withoutCandles],
        };
      }
      pass = null;
    }
  }

  async #finish(pass: HistoryPass): Promise<readonly MarketRecord[]> {
    await this.#markets(pass);
    const lines = this.#store.lines('markets.jsonl', (record) => nameOf(record.market as Json));
    const markets = [...lines.values()].map((line) => JSON.parse(line) as MarketRecord);
    const kinds = HISTORY_KINDS.filter((kind) => kind !== 'markets' && this.#query.what.includes(kind));
    this.#total = 1 + markets.length * kinds.length;
    this.#done = 1;
    for (const record of markets) {
      for (const kind of kinds) {
        if (kind === 'trades') await this.#trades(record, pass);
        else await this.#candles(record, pass);
        this.#done++;
        this.#count(0);
      }
    }
    if (kinds.includes('trades')) await this.#moved(markets, pass);
    this.#store.end();
    return markets;
  }

  /** Markets and the series that they belong to; of those that are known already, what has changed. */
  async #markets({ toTs }: HistoryPass): Promise<void> {
    if (this.#store.upToTs('markets.jsonl') !== null) return;
    const found = new Map<string, MarketRecord>();
    for (const series of this.#query.series) {
      const before = found.size;
      // A market only ever moves from the first to the second: in this order none is passed over.
      for (const path of ['/markets', '/historical/markets']) {
        for await (const { items } of this.#pages(path, 'markets', { series_ticker: series }, '')) {
          for (const market of items) found.set(nameOf(market), { series_ticker: series, market });
        }
      }
      // Of an unknown series the lists are empty, and no error.
      if (found.size === before && (await this.#reads.get(`/series/${series}`, {})) === null) {
        throw new MmError('unknown-series', `The exchange knows no series ${series}`, {
          todo: 'Correct --series.',
        });
      }
    }
    for (const ticker of this.#query.tickers) found.set(ticker, await this.#market(ticker));
    const wanted = [...found.values()].filter(
      ({ market }) =>
        timeOf(market, 'open_time') <= toTs && timeOf(market, 'close_time') >= this.#query.fromTs,
    );
    const names = new Set(wanted.map((record) => record.series_ticker));
    const series = await Promise.all([...names].map((name) => this.#need(`/series/${name}`, 'series')));
    await this.#addChanged('series.jsonl', series as Json[], nameOf);
    await this.#addChanged('markets.jsonl', wanted, ({ market }) => nameOf(market as Json));
  }

  async #addChanged<T extends object>(
    file: string,
    records: readonly T[],
    keyOf: (record: Json) => string,
  ): Promise<void> {
    const known = this.#store.lines(file, keyOf);
    const changed = records.filter((record) => known.get(keyOf(record as Json)) !== JSON.stringify(record));
    await this.#store.add(file, changed, null);
    this.#count(changed.length);
  }

  /** `next` is the tier and its cursor. */
  async #trades({ market }: MarketRecord, pass: HistoryPass): Promise<void> {
    const file = `trades/${nameOf(market)}.jsonl`;
    const { toTs, cutoffTs } = pass;
    const window = this.#windowOf(file, market, pass);
    if (window === 'complete') return;
    if (window === 'nothing new') return this.#store.add(file, [], null);
    // The cut-off lies within a second, and each tier holds its part of that second. Live first: what moves away
    // behind it is then in the other tier already.
    const tiers = [
      { name: 'live', min_ts: Math.max(window.fromTs, cutoffTs) },
      { name: 'historical', min_ts: window.fromTs },
    ].filter(({ name, min_ts }) => (name === 'live' ? min_ts <= toTs : min_ts <= cutoffTs + 1));
    const [tierName, at = ''] = this.#store.next(file).split(/ (.*)/);
    const start = Math.max(
      0,
      tiers.findIndex(({ name }) => name === tierName),
    );
    for (const [i, { name, min_ts }] of tiers.slice(start).entries()) {
      const following = tiers[start + i + 1];
      await this.#addTrades(market, name, { min_ts, max_ts: toTs }, i === 0 ? at : '', (cursor) =>
        cursor !== '' ? `${name} ${cursor}` : following === undefined ? null : `${following.name} `,
      );
    }
  }

  /** The part of a market's time that the pass has still to read. */
  #windowOf(
    file: string,
    market: Json,
    { toTs }: HistoryPass,
  ): 'complete' | 'nothing new' | { readonly fromTs: number } {
    const { fromTs } = this.#query;
    const upToTs = this.#store.upToTs(file);
    if (upToTs === null) return { fromTs };
    if (upToTs >= toTs) return 'complete';
    if (timeOf(market, 'close_time') < upToTs - OVERLAP_S) return 'nothing new';
    return { fromTs: Math.max(fromTs, upToTs - OVERLAP_S) };
  }

  /** Adds what the file does not hold yet. @param nextOf where the file goes on behind a page */
  async #addTrades(
    market: Json,
    tier: string,
    range: { readonly min_ts: number; readonly max_ts: number },
    start: string,
    nextOf: (cursor: string) => string | null,
  ): Promise<void> {
    const ticker = nameOf(market);
    const file = `trades/${ticker}.jsonl`;
    const path = tier === 'live' ? '/markets/trades' : '/historical/trades';
    const known = new Set(this.#store.lines(file, idOf).keys());
    for await (const { items, cursor } of this.#pages(path, 'trades', { ticker, ...range }, start)) {
      const fresh = items.filter((trade) => !known.has(idOf(trade)));
      for (const trade of fresh) known.add(idOf(trade));
      await this.#store.add(file, fresh, nextOf(cursor));
      this.#count(fresh.length);
    }
  }

  /** Trades that the cut-off has passed over since the pass began. */
  async #moved(markets: readonly MarketRecord[], pass: HistoryPass): Promise<void> {
    const cutoffTs = await this.#cutoff();
    if (cutoffTs <= pass.cutoffTs) return;
    const min_ts = Math.max(this.#query.fromTs, pass.cutoffTs);
    const max_ts = Math.min(pass.toTs, cutoffTs + 1);
    for (const { market } of markets) {
      if (timeOf(market, 'open_time') > max_ts || timeOf(market, 'close_time') < min_ts) continue;
      await this.#addTrades(market, 'historical', { min_ts, max_ts }, '', () => null);
    }
  }

  /** `next` is the start of the next stretch, Unix seconds. */
  async #candles({ series_ticker, market }: MarketRecord, pass: HistoryPass): Promise<void> {
    const ticker = nameOf(market);
    const file = `candles/${ticker}.jsonl`;
    const window = this.#windowOf(file, market, pass);
    if (window === 'complete') return;
    if (window === 'nothing new') return this.#store.add(file, [], null);
    const { periodMinutes } = this.#query;
    const lastTs = Math.min(pass.toTs, timeOf(market, 'close_time') + periodMinutes * 60);
    const known = this.#store.lines(file, endOf);
    let startTs = Number(this.#store.next(file)) || Math.max(window.fromTs, timeOf(market, 'open_time'));
    do {
      const endTs = Math.max(startTs, Math.min(lastTs, startTs + CANDLES_AT_ONCE * periodMinutes * 60));
      const query = { start_ts: startTs, end_ts: endTs, period_interval: periodMinutes };
      const answer =
        (await this.#reads.get(`/series/${series_ticker}/markets/${ticker}/candlesticks`, query)) ??
        (await this.#reads.get(`/historical/markets/${ticker}/candlesticks`, query));
      if (answer === null) {
        this.#withoutCandles.add(ticker);
        return;
      }
      // A candle that is not over yet comes with the next pass.
      const items = listOf(answer, 'candlesticks').filter(
        (candle) =>
          Number(candle.end_period_ts) <= pass.toTs && known.get(endOf(candle)) !== JSON.stringify(candle),
      );
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

  /** Unix seconds. */
  async #cutoff(): Promise<number> {
    const key = 'trades_created_ts';
    return timeOf({ [key]: await this.#need('/historical/cutoff', key) }, key);
  }

  /** The value under a key of an answer that must be there. */
  async #need(path: string, key: string): Promise<unknown> {
    const answer = await this.#reads.get(path, {});
    if (answer === null) {
      throw new MmError('market-not-found', `The exchange has nothing at ${path}`, {
        todo: 'Check the names.',
      });
    }
    if (answer[key] === undefined) throw malformed(`${path} has no ${key}`);
    return answer[key];
  }

  async *#pages(
    path: string,
    key: string,
    query: Readonly<Record<string, string | number>>,
    start: string,
  ): AsyncGenerator<{ readonly items: readonly Json[]; readonly cursor: string }> {
    // A cursor that names a record which the cut-off has passed over meanwhile leads back to the top.
    const seen = new Map<string, number>();
    let cursor = start;
    do {
      const answer = (await this.#reads.get(path, { limit: 1_000, ...query, cursor })) ?? {};
      cursor = typeof answer.cursor === 'string' ? answer.cursor : '';
      const times = (seen.get(cursor) ?? 0) + 1;
      if (times > MOST_RESTARTS) {
        throw new MmError('paging-loop', `GET ${path}: the same cursor came ${times} times`, {
          recovery: 'retry',
        });
      }
      seen.set(cursor, times);
      yield { items: listOf(answer, key), cursor };
    } while (cursor !== '');
  }

  #count(records: number): void {
    this.#records += records;
    this.#onProgress?.({ done: this.#done, total: this.#total, records: this.#records });
  }
}

const nameOf = (market: Json): string => String(market.ticker);
const endOf = (candle: Json): string => String(candle.end_period_ts);

function idOf(trade: Json): string {
  const { trade_id: id } = trade;
  if (typeof id === 'string' && id !== '') return id;
  throw malformed(`a trade of ${String(trade.ticker)} has no trade_id`);
}

/** Unix seconds. */
function timeOf(record: Json, key: string): number {
  const ms = Date.parse(String(record[key]));
  if (!Number.isNaN(ms)) return Math.floor(ms / 1_000);
  throw malformed(`${key} of ${String(record.ticker ?? 'the cut-off')} is no time: ${String(record[key])}`);
}

function listOf(answer: Json, key: string): readonly Json[] {
  const list = answer[key] ?? [];
  if (Array.isArray(list)) return list;
  throw malformed(`${key} is no list`);
}

const malformed = (what: string): MmError =>
  new MmError('answer-malformed', `An answer of the exchange does not fit: ${what}`, {
    todo: 'Check that the address is the REST address of an exchange; if it is, the exchange has changed its answers.',
  });
