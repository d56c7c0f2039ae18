import { z } from 'zod';
import {
  count,
  integer,
  money,
  optionalId,
  optionalText,
  outcome,
  price,
  text,
  ticker,
  time,
} from './wire-fields.ts';

export const OrderGroup = z
  .object({
    type: z.literal('order_group_updates'),
    sid: integer,
    seq: optionalId,
    msg: z.object({
      event_type: text,
      order_group_id: text,
      contracts_limit_fp: count.nullish(),
      ts_ms: time.nullish(),
    }),
  })
  .transform(({ msg, ...head }) => ({
    type: head.type,
    sid: head.sid,
    seq: head.seq,
    eventType: msg.event_type,
    orderGroupId: msg.order_group_id,
    limit: msg.contracts_limit_fp ?? null,
    exchangeMs: msg.ts_ms ?? null,
  }));

export const Rfq = z
  .object({
    type: z.enum(['rfq_created', 'rfq_deleted']),
    sid: integer,
    seq: optionalId,
    msg: z.object({
      id: text,
      creator_id: optionalText,
      market_ticker: ticker,
      event_ticker: optionalText,
      contracts_fp: count.nullish(),
      target_cost_dollars: money.nullish(),
      mve_collection_ticker: optionalText,
    }),
  })
  .transform(({ msg, ...head }) => ({
    type: head.type,
    sid: head.sid,
    seq: head.seq,
    rfqId: msg.id,
    creatorId: msg.creator_id ?? null,
    ticker: msg.market_ticker,
    eventTicker: msg.event_ticker ?? null,
    contracts: msg.contracts_fp ?? null,
    targetCost: msg.target_cost_dollars ?? null,
    collectionTicker: msg.mve_collection_ticker ?? null,
  }));

export const Quote = z
  .object({
    type: z.enum(['quote_created', 'quote_accepted']),
    sid: integer,
    seq: optionalId,
    msg: z.object({
      quote_id: text,
      rfq_id: text,
      quote_creator_id: optionalText,
      market_ticker: ticker,
      event_ticker: optionalText,
      yes_bid_dollars: price,
      no_bid_dollars: price,
      yes_contracts_offered_fp: count.nullish(),
      no_contracts_offered_fp: count.nullish(),
      rfq_target_cost_dollars: money.nullish(),
      accepted_side: outcome.nullish(),
      contracts_accepted_fp: count.nullish(),
    }),
  })
  .transform(({ msg, ...head }) => ({
    type: head.type,
    sid: head.sid,
    seq: head.seq,
    quoteId: msg.quote_id,
    rfqId: msg.rfq_id,
    creatorId: msg.quote_creator_id ?? null,
    ticker: msg.market_ticker,
    eventTicker: msg.event_ticker ?? null,
    yesBid: msg.yes_bid_dollars,
    noBid: msg.no_bid_dollars,
    yesContracts: msg.yes_contracts_offered_fp ?? null,
    noContracts: msg.no_contracts_offered_fp ?? null,
    targetCost: msg.rfq_target_cost_dollars ?? null,
    acceptedSide: msg.accepted_side ?? null,
    acceptedContracts: msg.contracts_accepted_fp ?? null,
  }));

export const QuoteExecuted = z
  .object({
    type: z.literal('quote_executed'),
    sid: integer,
    seq: optionalId,
    msg: z.object({
      quote_id: text,
      rfq_id: text,
      quote_creator_id: optionalText,
      rfq_creator_id: optionalText,
      order_id: text,
      client_order_id: optionalText,
      market_ticker: ticker,
      subaccount: optionalId,
    }),
  })
  .transform(({ msg, ...head }) => ({
    type: head.type,
    sid: head.sid,
    seq: head.seq,
    quoteId: msg.quote_id,
    rfqId: msg.rfq_id,
    quoteCreatorId: msg.quote_creator_id ?? null,
    rfqCreatorId: msg.rfq_creator_id ?? null,
    orderId: msg.order_id,
    clientOrderId: msg.client_order_id ?? null,
    ticker: msg.market_ticker,
    subaccount: msg.subaccount,
  }));
