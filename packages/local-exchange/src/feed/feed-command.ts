import { Ticker } from '@kalshi-mm/core';
import { checkCommunications } from './check-communications.ts';
import { FeedError } from './feed-error.ts';
import { isGiven } from './is-given.ts';
import { type PriceAction, type PriceCommand, readPriceCommand, readPriceNames } from './price-command.ts';
import { CHANNELS, type Channel } from './subscription.ts';

/** A command of a client, checked. */
export type FeedCommand =
  | {
      readonly cmd: 'subscribe';
      readonly channels: readonly Channel[];
      readonly tickers: readonly Ticker[] | null;
      /** The markets were named by their ids, and are in acknowledgements. */
      readonly byId: boolean;
      readonly useYesPrice: boolean;
      readonly skipTickerAck: boolean;
      readonly sendInitialSnapshot: boolean;
      /** Names of reference prices, by the parameter that they came in. */
      readonly names: Readonly<Record<PriceAction['parameter'], readonly string[]>>;
    }
  | { readonly cmd: 'unsubscribe'; readonly sids: readonly number[] }
  | { readonly cmd: 'list_subscriptions' }
  | {
      readonly cmd: 'update_subscription';
      readonly sid: number;
      readonly action: 'add_markets' | 'delete_markets' | 'get_snapshot';
      readonly tickers: readonly Ticker[];
      readonly byId: boolean;
      readonly sendInitialSnapshot: boolean;
    }
  | PriceCommand;

type Fields = Readonly<Record<string, unknown>>;

/** The client's number of a command: a positive integer; anything else counts as none. */
export function commandId(message: unknown): number | null {
  const id = isFields(message) ? message.id : null;
  return typeof id === 'number' && Number.isInteger(id) && id > 0 ? id : null;
}

/** Every market by its id; asked for only when a command names ids. */
export type MarketsById = () => ReadonlyMap<string, Ticker>;

/** @throws FeedError with the exchange's code for the fault */
export function readCommand(message: unknown, marketsById: MarketsById): FeedCommand {
  if (!isFields(message)) throw new FeedError(1);
  const { cmd, params } = message;
  if (cmd === 'list_subscriptions') return { cmd };
  if (cmd !== 'subscribe' && cmd !== 'unsubscribe' && cmd !== 'update_subscription') throw new FeedError(5);
  if (!isFields(params)) throw new FeedError(2);
  if (cmd === 'subscribe') return readSubscribe(params, marketsById);
  if (cmd === 'unsubscribe') {
    const sids = readSids(params);
    if (sids.length === 0) throw new FeedError(4);
    return { cmd, sids };
  }
  return readUpdate(params, marketsById);
}

function readSubscribe(params: Fields, marketsById: MarketsById): FeedCommand {
  const names = params.channels;
  if (!Array.isArray(names) || names.length === 0) throw new FeedError(3);
  const channels = names.map((name) => {
    const channel = CHANNELS.find((known) => known === name);
    if (channel === undefined) throw new FeedError(8);
    return channel;
  });
  const { tickers, byId } = readMarkets(params, marketsById);
  // Tickers alone are told by market id.
  if (byId && channels.some((channel) => channel !== 'ticker')) throw new FeedError(11);
  if (channels.includes('orderbook_delta') && (tickers === null || tickers.length === 0)) {
    throw new FeedError(14);
  }
  if (channels.includes('communications')) checkCommunications(params);
  return {
    cmd: 'subscribe',
    channels,
    tickers,
    byId,
    useYesPrice: readFlag(params, 'use_yes_price'),
    skipTickerAck: readFlag(params, 'skip_ticker_ack'),
    sendInitialSnapshot: readFlag(params, 'send_initial_snapshot'),
    names: {
      index_ids: readPriceNames(params, 'index_ids'),
      underlying_tickers: readPriceNames(params, 'underlying_tickers'),
    },
  };
}

function readUpdate(params: Fields, marketsById: MarketsById): FeedCommand {
  const sids = readSids(params);
  if (sids.length !== 1) throw new FeedError(12);
  const { action } = params;
  if (action === undefined || action === null || action === '') throw new FeedError(15);
  const prices = readPriceCommand(params, sids[0]!);
  if (prices !== null) return prices;
  if (action !== 'add_markets' && action !== 'delete_markets' && action !== 'get_snapshot') {
    throw new FeedError(13);
  }
  const { tickers, byId } = readMarkets(params, marketsById);
  if (tickers === null || tickers.length === 0) throw new FeedError(14);
  const sendInitialSnapshot = readFlag(params, 'send_initial_snapshot');
  return { cmd: 'update_subscription', sid: sids[0]!, action, tickers, byId, sendInitialSnapshot };
}

function readSids(params: Fields): number[] {
  const { sid, sids } = params;
  const list = sids ?? (isGiven(sid) ? [sid] : []);
  if (!Array.isArray(list) || list.some((one) => !Number.isInteger(one))) throw new FeedError(11);
  return list;
}

/** `tickers` is null when no market is named: all markets. */
function readMarkets(
  params: Fields,
  marketsById: MarketsById,
): { readonly tickers: Ticker[] | null; readonly byId: boolean } {
  const tickers = readNames(params.market_ticker, params.market_tickers);
  const ids = readNames(params.market_id, params.market_ids);
  if (ids === null) return { tickers: tickers?.map((ticker) => Ticker.of(ticker)) ?? null, byId: false };
  if (tickers !== null) throw new FeedError(11);
  const known = marketsById();
  const unknown = ids.filter((id) => !known.has(id));
  if (unknown.length > 0) throw new FeedError(11, { market_ids: unknown });
  return { tickers: ids.map((id) => known.get(id)!), byId: true };
}

/** One name or a list of them, not both; null: neither. */
function readNames(one: unknown, many: unknown): string[] | null {
  if (isGiven(one) && isGiven(many)) throw new FeedError(11);
  const list = isGiven(one) ? [one] : many;
  if (!isGiven(list)) return null;
  if (!Array.isArray(list) || list.some((name) => typeof name !== 'string')) throw new FeedError(11);
  return list;
}

function readFlag(params: Fields, name: string): boolean {
  const value = params[name];
  if (isGiven(value) && typeof value !== 'boolean') throw new FeedError(11);
  return value === true;
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
