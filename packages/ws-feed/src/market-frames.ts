import { type Outcome, Price, type Side } from '@kalshi-mm/core';
import { z } from 'zod';
import {
  bookSide,
  count,
  integer,
  levels,
  optionalId,
  outcome,
  price,
  signedCount,
  ticker,
  time,
  tradable,
} from './wire-fields.ts';

export const Snapshot = z
  .object({
    type: z.literal('orderbook_snapshot'),
    sid: integer,
    seq: integer,
    msg: z.object({ market_ticker: ticker, yes_dollars_fp: levels, no_dollars_fp: levels }),
  })
  .transform(({ msg, ...head }) => ({
    type: head.type,
    sid: head.sid,
    seq: head.seq,
    ticker: msg.market_ticker,
    yes: msg.yes_dollars_fp,
    no: msg.no_dollars_fp,
  }));

export const Delta = z
  .object({
    type: z.literal('orderbook_delta'),
    sid: integer,
    seq: integer,
    msg: z.object({
      market_ticker: ticker,
      side: outcome,
      price_dollars: tradable,
      delta_fp: signedCount,
      ts_ms: time.nullish(),
    }),
  })
  .transform(({ msg, ...head }) => ({
    type: head.type,
    sid: head.sid,
    seq: head.seq,
    ticker: msg.market_ticker,
    outcome: msg.side,
    price: msg.price_dollars,
    delta: msg.delta_fp,
    exchangeMs: msg.ts_ms ?? null,
  }));

export const Trade = z
  .object({
    type: z.literal('trade'),
    sid: integer,
    seq: optionalId,
    msg: z
      .object({
        market_ticker: ticker,
        yes_price_dollars: tradable,
        count_fp: count,
        taker_book_side: bookSide.nullish(),
        taker_outcome_side: outcome.nullish(),
        taker_side: outcome.nullish(),
        is_block_trade: z.boolean().nullish(),
        ts_ms: time.nullish(),
      })
      .refine(
        (msg) => (msg.taker_book_side ?? msg.taker_outcome_side ?? msg.taker_side) != null,
        'taker_book_side, taker_outcome_side or taker_side',
      ),
  })
  .transform(({ msg, ...head }) => ({
    type: head.type,
    sid: head.sid,
    seq: head.seq,
    ticker: msg.market_ticker,
    price: msg.yes_price_dollars,
    count: msg.count_fp,
    takerSide: msg.taker_book_side ?? sideOfTaker((msg.taker_outcome_side ?? msg.taker_side)!),
    block: msg.is_block_trade ?? false,
    exchangeMs: msg.ts_ms ?? null,
  }));

export const Tick = z
  .object({
    type: z.literal('ticker'),
    sid: integer,
    seq: optionalId,
    msg: z.object({
      market_ticker: ticker,
      price_dollars: price.nullish(),
      yes_bid_dollars: price,
      yes_ask_dollars: price,
      volume_fp: count,
      open_interest_fp: count,
    }),
  })
  .transform(({ msg, ...head }) => ({
    type: head.type,
    sid: head.sid,
    seq: head.seq,
    ticker: msg.market_ticker,
    bid: msg.yes_bid_dollars,
    ask: msg.yes_ask_dollars,
    // A market that never traded reports 0.0000.
    lastPrice: msg.price_dollars != null && Price.isTradable(msg.price_dollars) ? msg.price_dollars : null,
    volume: msg.volume_fp,
    openInterest: msg.open_interest_fp,
  }));

function sideOfTaker(taken: Outcome): Side {
  return taken === 'yes' ? 'bid' : 'ask';
}
