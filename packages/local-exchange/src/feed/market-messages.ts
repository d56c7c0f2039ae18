import { type BookView, Count, type Market, Price, type Ticker, Timestamp } from '@kalshi-mm/core';
import {
  type EventFacts,
  type Exchange,
  type ExchangeOutput,
  type MarketFacts,
  type PublicTrade,
  Subaccount,
} from '@kalshi-mm/simulator';
import { noLevels, yesLevels } from '../wire/book-json.ts';
import { eventJson } from '../wire/event-json.ts';
import { unixSeconds } from '../wire/iso-time.ts';
import { marketId } from '../wire/market-id.ts';
import { gridJson, strikeJson } from '../wire/market-json.ts';
import { tradeJson } from '../wire/trade-json.ts';

type Output<Type extends ExchangeOutput['type']> = Extract<ExchangeOutput, { type: Type }>;

/** `msg` of an `orderbook_snapshot`: a side without levels is left out. */
export function snapshotMessage(ticker: Ticker, book: BookView, useYesPrice: boolean): object {
  const yes = yesLevels(book);
  const no = noLevels(book, null, useYesPrice);
  return {
    market_ticker: ticker,
    market_id: marketId(ticker),
    ...(yes.length === 0 ? {} : { yes_dollars_fp: yes }),
    ...(no.length === 0 ? {} : { no_dollars_fp: no }),
  };
}

/** `msg` of an `orderbook_delta`. @param isOwn whether the reader's order is behind it, which is then named */
export function deltaMessage(change: Output<'book.changed'>, isOwn: boolean, useYesPrice: boolean): object {
  const shown = change.side === 'bid' || useYesPrice ? change.price : Price.complement(change.price);
  return {
    market_ticker: change.ticker,
    market_id: marketId(change.ticker),
    price_dollars: Price.format(shown),
    delta_fp: Count.format(change.delta),
    side: change.side === 'bid' ? 'yes' : 'no',
    ...(isOwn
      ? { client_order_id: change.clientOrderId, subaccount: Subaccount.numberOf(change.userId!) }
      : {}),
    ts: Timestamp.formatIso(change.atMs),
    ts_ms: change.atMs,
  };
}

/** `msg` of a `trade`. */
export function tradeMessage(trade: PublicTrade): object {
  return {
    ...tradeJson(trade),
    market_ticker: trade.ticker,
    ts: unixSeconds(trade.atMs),
    ts_ms: trade.atMs,
  };
}

/** `msg` of a `ticker` without its times, which alone do not make a new message. */
export function tickerMessage(exchange: Exchange, ticker: Ticker, lastTradeSize: Count): object {
  const book = exchange.book(ticker);
  const bid = book.bestBid();
  const ask = book.bestAsk();
  const { lastPrice, volume, openInterest } = exchange.statistics(ticker);
  const last = lastPrice ?? Price.NO_BID;
  // Whole dollars at the last price.
  const dollars = (count: Count): number => Math.round((last * count) / 1_000_000);
  return {
    market_ticker: ticker,
    market_id: marketId(ticker),
    price_dollars: Price.format(last),
    yes_bid_dollars: Price.format(bid),
    yes_ask_dollars: Price.format(ask),
    yes_bid_size_fp: Count.format(book.countAt('bid', bid)),
    yes_ask_size_fp: Count.format(book.countAt('ask', ask)),
    last_trade_size_fp: Count.format(lastTradeSize),
    volume_fp: Count.format(volume),
    open_interest_fp: Count.format(openInterest),
    dollar_volume: dollars(volume),
    dollar_open_interest: dollars(openInterest),
  };
}

/**
 * `msg` of a `market_lifecycle_v2`; null for what the clock alone does, which the exchange does not announce.
 *
 * @param facts what the market's world knows of it
 */
export function lifecycleMessage(
  { change, market, atMs }: Output<'market'>,
  facts: MarketFacts | null,
): object | null {
  const named = { market_ticker: market.ticker, exchange_index: market.exchangeIndex };
  switch (change) {
    case 'closed':
    case 'disputed':
    case 'fees':
      return null;
    case 'created':
      return { event_type: 'created', ...named, ...createdJson(market, facts) };
    case 'activated':
      return { event_type: 'activated', ...named, is_deactivated: false };
    case 'deactivated':
      return { event_type: 'deactivated', ...named, is_deactivated: true };
    case 'close-date':
      return { event_type: 'close_date_updated', ...named, close_ts: unixSeconds(market.closeMs) };
    case 'determined':
    case 'amended':
      return {
        event_type: 'determined',
        ...named,
        determination_ts: unixSeconds(atMs),
        result: market.result ?? '',
        ...(market.settlementPrice === null
          ? {}
          : { settlement_value: Price.format(market.settlementPrice) }),
      };
    case 'settled':
      return { event_type: 'settled', ...named, settled_ts: unixSeconds(atMs) };
    case 'grid':
      return { event_type: 'price_level_structure_updated', ...named, ...gridJson(market.grid) };
    case 'metadata':
      return {
        event_type: 'metadata_updated',
        ...named,
        ...strikeJson(market),
        yes_sub_title: market.subTitle ?? market.title,
      };
  }
}

/** `msg` of an `event_lifecycle`. @param first the event's first market; facts: what its world knows of the event */
export function eventMessage(first: Market, facts: EventFacts | null): object {
  const { event_ticker, title, sub_title, collateral_return_type, series_ticker, exchange_index } = eventJson(
    [first],
    facts,
    null,
  );
  return {
    event_ticker,
    exchange_index,
    title,
    subtitle: sub_title,
    collateral_return_type,
    series_ticker,
    ...(facts?.strikeMs == null ? {} : { strike_date: unixSeconds(facts.strikeMs) }),
    ...(facts?.strikePeriod == null ? {} : { strike_period: facts.strikePeriod }),
  };
}

/** `msg` of an `event_fee_update`; null: the series' fees hold again. */
export function eventFeeMessage({ eventTicker, fees }: Output<'event-fees'>): object {
  return {
    event_ticker: eventTicker,
    fee_type_override: fees?.type ?? null,
    fee_multiplier_override: fees === null ? null : fees.multiplierMicros / 1_000_000,
  };
}

function createdJson(market: Market, facts: MarketFacts | null): object {
  return {
    open_ts: unixSeconds(market.openMs),
    close_ts: unixSeconds(market.closeMs),
    ...gridJson(market.grid),
    additional_metadata: {
      name: market.title,
      title: market.title,
      yes_sub_title: market.subTitle ?? market.title,
      no_sub_title: facts?.noSubTitle ?? market.subTitle ?? market.title,
      rules_primary: facts?.rules ?? '',
      rules_secondary: '',
      can_close_early: true,
      event_ticker: market.eventTicker,
      expected_expiration_ts: unixSeconds(facts?.expectedExpirationMs ?? market.closeMs),
      ...strikeJson(market),
    },
  };
}
