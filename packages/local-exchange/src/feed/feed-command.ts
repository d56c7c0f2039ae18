import { Ticker } from '@kalshi-mm/core';
import { FeedError } from './feed-error.ts';
import { CHANNELS, type Channel } from './subscription.ts';

/** A command of a client, checked. */
export type FeedCommand =
  | {
      readonly cmd: 'subscribe';
      readonly channels: readonly Channel[];
      readonly tickers: readonly Ticker[] | null;
      readonly useYesPrice: boolean;
      readonly skipTickerAck: boolean;
      readonly sendInitialSnapshot: boolean;
    }
  | { readonly cmd: 'unsubscribe'; readonly sids: readonly number[] }
  | { readonly cmd: 'list_subscriptions' }
  | {
      readonly cmd: 'update_subscription';
      readonly sid: number;
      readonly action: 'add_markets' | 'delete_markets' | 'get_snapshot';
      readonly tickers: readonly Ticker[];
      readonly sendInitialSnapshot: boolean;
    };

type Fields = Readonly<Record<string, unknown>>;

/** The client's number of a command: a positive integer; anything else counts as none. */
export function commandId(message: unknown): number | null {
  const id = isFields(message) ? message.id : null;
  return typeof id === 'number' && Number.isInteger(id) && id > 0 ? id : null;
}

/** @throws FeedError with the exchange's code for the fault */
export function readCommand(message: unknown): FeedCommand {
  if (!isFields(message)) throw new FeedError(1);
  const { cmd, params } = message;
  if (cmd === 'list_subscriptions') return { cmd };
  if (cmd !== 'subscribe' && cmd !== 'unsubscribe' && cmd !== 'update_subscription') throw new FeedError(5);
  if (!isFields(params)) throw new FeedError(2);
  if (cmd === 'subscribe') return readSubscribe(params);
  if (cmd === 'unsubscribe') {
    const sids = readSids(params);
    if (sids.length === 0) throw new FeedError(4);
    return { cmd, sids };
  }
  return readUpdate(params);
}

function readSubscribe(params: Fields): FeedCommand {
  const names = params.channels;
  if (!Array.isArray(names) || names.length === 0) throw new FeedError(3);
  const channels = names.map((name) => {
    const channel = CHANNELS.find((known) => known === name);
    if (channel === undefined) throw new FeedError(8);
    return channel;
  });
  const tickers = readTickers(params);
  if (channels.includes('orderbook_delta') && (tickers === null || tickers.length === 0)) {
    throw new FeedError(14);
  }
  return {
    cmd: 'subscribe',
    channels,
    tickers,
    useYesPrice: readFlag(params, 'use_yes_price'),
    skipTickerAck: readFlag(params, 'skip_ticker_ack'),
    sendInitialSnapshot: readFlag(params, 'send_initial_snapshot'),
  };
}

function readUpdate(params: Fields): FeedCommand {
  const sids = readSids(params);
  if (sids.length !== 1) throw new FeedError(12);
  const { action } = params;
  if (action === undefined || action === null || action === '') throw new FeedError(15);
  if (action !== 'add_markets' && action !== 'delete_markets' && action !== 'get_snapshot') {
    throw new FeedError(13);
  }
  const tickers = readTickers(params);
  if (tickers === null || tickers.length === 0) throw new FeedError(14);
  const sendInitialSnapshot = readFlag(params, 'send_initial_snapshot');
  return { cmd: 'update_subscription', sid: sids[0]!, action, tickers, sendInitialSnapshot };
}

function readSids(params: Fields): number[] {
  const { sid, sids } = params;
  const list = sids === undefined ? (sid === undefined ? [] : [sid]) : sids;
  if (!Array.isArray(list) || list.some((one) => !Number.isInteger(one))) throw new FeedError(11);
  return list;
}

/** Null when no market is named: all markets. Market ids are not served. */
function readTickers(params: Fields): Ticker[] | null {
  const { market_ticker: one, market_tickers: many } = params;
  if (params.market_id !== undefined || params.market_ids !== undefined) throw new FeedError(11);
  if (one !== undefined && many !== undefined) throw new FeedError(11);
  const list = one === undefined ? many : [one];
  if (list === undefined || list === null) return null;
  if (!Array.isArray(list) || list.some((ticker) => typeof ticker !== 'string')) throw new FeedError(11);
  return list.map((ticker: string) => Ticker.of(ticker));
}

function readFlag(params: Fields, name: string): boolean {
  const value = params[name];
  if (value !== undefined && value !== null && typeof value !== 'boolean') throw new FeedError(11);
  return value === true;
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
