import type { CoinPrices } from '@kalshi-mm/simulator';

/** A channel of reference prices: which coins it has, how often it tells them, and how. */
export interface PriceChannel {
  /** Simulated time from one message to the next; seconds are whole multiples of it. */
  readonly everyMs: number;
  /** The parameter that names what is wanted, also in acknowledgements and lists. */
  readonly parameter: 'index_ids' | 'underlying_tickers';
  /** Type of the message that lists what there is. */
  readonly listType: string;
  /** What a coin is called on it; null: it has none. */
  nameOf(coin: string): string | null;
  /** `msg` of a value at `atMs`. Between two seconds the price is that of the last one. */
  message(name: string, prices: CoinPrices, atMs: number): object;
}

export const PRICE_CHANNELS = {
  cfbenchmarks_value: {
    everyMs: 1_000,
    parameter: 'index_ids',
    listType: 'cfbenchmarks_value_indexlist',
    nameOf: indexOf,
    message: (name, prices, atMs) => ({
      index_id: name,
      received_at: atMs,
      data: upstreamFrame(name, prices, prices.atMs),
      avg_60s_data: trailingAverage(prices),
      ...quarterHourAverage(prices),
    }),
  },
  cfbenchmarks_value_5hz: {
    everyMs: 200,
    parameter: 'index_ids',
    listType: 'cfbenchmarks_value_5hz_indexlist',
    nameOf: (coin) => (FAST_COINS.has(coin) ? indexOf(coin) : null),
    message: (name, prices, atMs) => ({
      index_id: name,
      value_usd: eightDecimals(prices.units, 1, prices),
      source_ts_ms: atMs,
      received_at: atMs,
      data: upstreamFrame(name, prices, atMs),
    }),
  },
  pyth_value: {
    everyMs: 1_000,
    parameter: 'underlying_tickers',
    listType: 'pyth_value_underlying_list',
    nameOf: (coin) => `Crypto.${coin}/USD`,
    message: (name, prices, atMs) => ({
      underlying_ticker: name,
      value_usd: eightDecimals(prices.units, 1, prices),
      source_ts_ms: prices.atMs,
      received_at: atMs,
    }),
  },
} as const satisfies Record<string, PriceChannel>;

export type PriceChannelName = keyof typeof PRICE_CHANNELS;

export function isPriceChannel(channel: string): channel is PriceChannelName {
  return Object.hasOwn(PRICE_CHANNELS, channel);
}

/** Coins whose index is published five times a second. */
const FAST_COINS = new Set(['BTC', 'ETH', 'SOL', 'XRP', 'DOGE']);

function indexOf(coin: string): string {
  return coin === 'BTC' ? 'BRTI' : `${coin}USD_RTI`;
}

/** The text of the index provider's own message. */
function upstreamFrame(name: string, { units, unitsPerDollar, coin }: CoinPrices, timeMs: number): string {
  const value = (units / unitsPerDollar).toFixed(coin.decimals);
  return JSON.stringify({ type: 'value', id: name, time: timeMs, value });
}

/** Of the minute before the last price, which is not in it. */
function trailingAverage(prices: CoinPrices): object {
  const sum = prices.windowSum(prices.atMs - 1_000);
  return {
    value: eightDecimals(sum, WINDOW_SECONDS, prices),
    window_size: WINDOW_SECONDS,
    window_start_ts_ms: prices.atMs - WINDOW_MS,
    window_end_ts_exclusive: prices.atMs,
  };
}

/** In the last minute before a quarter of an hour: the average on which its markets settle, as far as it is known. */
function quarterHourAverage(prices: CoinPrices): object {
  const closeMs = Math.ceil(prices.atMs / QUARTER_MS) * QUARTER_MS;
  const size = WINDOW_SECONDS - (closeMs - prices.atMs) / 1_000;
  if (size <= 0) return {};
  return {
    last_60s_windowed_average_15min: {
      value: eightDecimals(prices.windowSum(closeMs), size, prices),
      window_size: size,
      window_start_ts_ms: closeMs - WINDOW_MS,
      window_end_ts_exclusive: closeMs,
    },
  };
}

/** The mean of `count` prices in dollars. */
function eightDecimals(sum: number, count: number, { unitsPerDollar }: CoinPrices): string {
  return (Math.round((sum * (SCALE / unitsPerDollar)) / count) / SCALE).toFixed(8);
}

const SCALE = 100_000_000;
const WINDOW_SECONDS = 60;
const WINDOW_MS = 60_000;
const QUARTER_MS = 15 * 60_000;
