import * as z from 'zod';
import {
  encode,
  page,
  request,
  toCount,
  toCountUnits,
  toDollars,
  toIso,
  toPriceUnits,
  toQuotePrice,
  toSeconds,
  toSubaccount,
} from '../request-fields.ts';
import type { RestReader } from '../rest-reader.ts';
import type { RestWriter } from '../rest-writer.ts';
import { route } from '../route.ts';
import {
  centiCentPrice,
  centiCount,
  count,
  cursor,
  flag,
  id,
  isoTime,
  money,
  optional,
  outcome,
  price,
  text,
  whole,
  wire,
  word,
} from '../wire-fields.ts';
import { selectedLeg } from '../wire-market.ts';

const communicationsIdAnswer = wire({ communications_id: id });

/** The name under which others see this account. */
export async function getCommunicationsId(http: RestReader): Promise<string> {
  return (await http.get(route`/communications/id`, communicationsIdAnswer)).communications_id;
}

const rfq = wire({
  id,
  creator_id: z.string(),
  market_ticker: id,
  contracts_fp: count,
  target_cost_dollars: optional(money),
  target_cost_excludes_fees: optional(flag),
  status: word('open', 'closed'),
  created_ts: isoTime,
  updated_ts: optional(isoTime),
  cancelled_ts: optional(isoTime),
  cancellation_reason: text,
  mve_collection_ticker: text,
  mve_selected_legs: optional(z.array(selectedLeg)),
  rest_remainder: optional(flag),
  creator_user_id: text,
  creator_subaccount: optional(whole),
});

/** A request for quotes. */
export type Rfq = z.output<typeof rfq>;

const rfqsQuery = request({
  ...page,
  event_ticker: z.string().optional(),
  market_ticker: z.string().optional(),
  subaccount: toSubaccount.optional(),
  status: z.string().optional(),
  creator_user_id: z.string().optional(),
  user_filter: z.literal('self').optional(),
});

export type GetRfqs = z.input<typeof rfqsQuery>;

const rfqsPage = wire({ rfqs: z.array(rfq), cursor });

export type RfqsPage = z.output<typeof rfqsPage>;

export function getRfqs(http: RestReader, query: GetRfqs = {}): Promise<RfqsPage> {
  return http.get(
    route`/communications/rfqs`,
    rfqsPage,
    encode(rfqsQuery, query, 'GET /communications/rfqs'),
  );
}

const rfqAnswer = wire({ rfq });

export async function getRfq(http: RestReader, rfqId: string): Promise<Rfq> {
  return (await http.get(route`/communications/rfqs/${rfqId}`, rfqAnswer)).rfq;
}

const createRfqBody = request({
  market_ticker: z.string().min(1),
  contracts_fp: toCount.optional(),
  target_cost_dollars: toDollars.optional(),
  target_cost_excludes_fees: z.boolean().optional(),
  rest_remainder: z.boolean(),
  replace_existing: z.boolean().optional(),
  subtrader_id: z.string().optional(),
  subaccount: toSubaccount.optional(),
});

export type CreateRfq = z.input<typeof createRfqBody>;

const createdAnswer = wire({ id });

/** Asks for quotes and tells the id; 100 may be open. */
export async function createRfq(http: RestWriter, wanted: CreateRfq): Promise<string> {
  const body = encode(createRfqBody, wanted, 'POST /communications/rfqs');
  const at = route`/communications/rfqs`;
  return (await http.send({ method: 'POST', route: at, body, priority: 'quote' }, createdAnswer)).id;
}

export async function deleteRfq(http: RestWriter, rfqId: string): Promise<void> {
  const at = route`/communications/rfqs/${rfqId}`;
  await http.send({ method: 'DELETE', route: at, priority: 'cancel' }, z.unknown());
}

const quote = wire({
  id,
  rfq_id: id,
  creator_id: z.string(),
  rfq_creator_id: z.string(),
  market_ticker: id,
  contracts_fp: count,
  /** 0: none on that side. */
  yes_bid_dollars: price,
  no_bid_dollars: price,
  created_ts: isoTime,
  updated_ts: isoTime,
  status: word('open', 'accepted', 'confirmed', 'executed', 'cancelled'),
  accepted_side: optional(outcome),
  accepted_ts: optional(isoTime),
  confirmed_ts: optional(isoTime),
  executed_ts: optional(isoTime),
  cancelled_ts: optional(isoTime),
  cancellation_reason: text,
  rest_remainder: optional(flag),
  post_only: optional(flag),
  creator_user_id: text,
  rfq_creator_user_id: text,
  rfq_target_cost_dollars: optional(money),
  target_cost_excludes_fees: optional(flag),
  creator_order_id: text,
  rfq_creator_order_id: text,
  creator_subaccount: optional(whole),
  rfq_creator_subaccount: optional(whole),
  yes_contracts_fp: optional(count),
  no_contracts_fp: optional(count),
});

/** An answer to a request for quotes. */
export type RfqQuote = z.output<typeof quote>;

/** Most lists want a filter by user. */
const quotesQuery = request({
  ...page,
  min_ts: toSeconds.optional(),
  max_ts: toSeconds.optional(),
  status: z.string().optional(),
  quote_creator_user_id: z.string().optional(),
  user_filter: z.literal('self').optional(),
  rfq_user_filter: z.literal('self').optional(),
  rfq_creator_user_id: z.string().optional(),
  rfq_creator_subtrader_id: z.string().optional(),
  rfq_id: z.string().optional(),
});

export type GetQuotes = z.input<typeof quotesQuery>;

const quotesPage = wire({ quotes: z.array(quote), cursor });

export type QuotesPage = z.output<typeof quotesPage>;

export function getQuotes(http: RestReader, query: GetQuotes = {}): Promise<QuotesPage> {
  const filters = encode(quotesQuery, query, 'GET /communications/quotes');
  return http.get(route`/communications/quotes`, quotesPage, filters);
}

const quoteAnswer = wire({ quote });

export async function getQuote(http: RestReader, rfqId: string, quoteId: string): Promise<RfqQuote> {
  return (await http.get(route`/communications/rfqs/${rfqId}/quotes/${quoteId}`, quoteAnswer)).quote;
}

const createQuoteBody = request({
  rfq_id: z.string().min(1),
  /** What is bid for YES, and for NO; 0 for none. */
  yes_bid: toQuotePrice,
  no_bid: toQuotePrice,
  rest_remainder: z.boolean(),
  post_only: z.boolean().optional(),
  subaccount: toSubaccount.optional(),
});

export type CreateQuote = z.input<typeof createQuoteBody>;

/** Answers a request for quotes and tells the quote's id. */
export async function createQuote(http: RestWriter, offer: CreateQuote): Promise<string> {
  const body = encode(createQuoteBody, offer, 'POST /communications/quotes');
  const at = route`/communications/quotes`;
  return (await http.send({ method: 'POST', route: at, body, priority: 'quote' }, createdAnswer)).id;
}

export async function deleteQuote(http: RestWriter, rfqId: string, quoteId: string): Promise<void> {
  const at = route`/communications/rfqs/${rfqId}/quotes/${quoteId}`;
  await http.send({ method: 'DELETE', route: at, priority: 'cancel' }, z.unknown());
}

const acceptBody = request({ accepted_side: z.enum(['yes', 'no']) });

export type AcceptQuote = z.input<typeof acceptBody>;

/** Takes one side of a quote; its maker then has some seconds to confirm. */
export async function acceptQuote(
  http: RestWriter,
  rfqId: string,
  quoteId: string,
  accepted: AcceptQuote,
): Promise<void> {
  const at = route`/communications/rfqs/${rfqId}/quotes/${quoteId}/accept`;
  const body = encode(acceptBody, accepted, 'PUT /communications/rfqs/{rfq_id}/quotes/{quote_id}/accept');
  await http.send({ method: 'PUT', route: at, body, priority: 'exit' }, z.unknown());
}

/** Stands by a quote that was accepted. */
export async function confirmQuote(http: RestWriter, rfqId: string, quoteId: string): Promise<void> {
  const at = route`/communications/rfqs/${rfqId}/quotes/${quoteId}/confirm`;
  await http.send({ method: 'PUT', route: at, body: {}, priority: 'exit' }, z.unknown());
}

const proposal = wire({
  id,
  proposer_user_id: z.string(),
  buyer_user_id: z.string(),
  buyer_subtrader_id: text,
  seller_user_id: z.string(),
  seller_subtrader_id: text,
  market_ticker: id,
  price_centi_cents: centiCentPrice,
  centicount: centiCount,
  maker_side: outcome,
  expiration_ts: isoTime,
  status: z.string(),
  created_ts: isoTime,
  updated_ts: isoTime,
  buyer_accepted: flag,
  seller_accepted: flag,
  buyer_accepted_ts: optional(isoTime),
  seller_accepted_ts: optional(isoTime),
  executed_ts: optional(isoTime),
  buyer_order_id: text,
  seller_order_id: text,
});

/** A trade agreed outside the book. */
export type BlockTradeProposal = z.output<typeof proposal>;

const proposalsQuery = request({
  ...page,
  market_ticker: z.string().optional(),
  status: z.string().optional(),
});

export type GetBlockTradeProposals = z.input<typeof proposalsQuery>;

const proposalsPage = wire({ block_trade_proposals: z.array(proposal), cursor });

export type BlockTradeProposalsPage = z.output<typeof proposalsPage>;

export function getBlockTradeProposals(
  http: RestReader,
  query: GetBlockTradeProposals = {},
): Promise<BlockTradeProposalsPage> {
  const filters = encode(proposalsQuery, query, 'GET /communications/block-trade-proposals');
  return http.get(route`/communications/block-trade-proposals`, proposalsPage, filters);
}

const proposeBody = request({
  buyer_user_id: z.string().min(1),
  buyer_subtrader_id: z.string().optional(),
  buyer_subaccount: toSubaccount.optional(),
  seller_user_id: z.string().min(1),
  seller_subtrader_id: z.string().optional(),
  seller_subaccount: toSubaccount.optional(),
  market_ticker: z.string().min(1),
  /** A `Price`: its unit is the centi-cent. */
  price_centi_cents: toPriceUnits,
  /** A `Count`: its unit is the hundredth of a contract. */
  centicount: toCountUnits,
  maker_side: z.enum(['yes', 'no']),
  expiration_ts: toIso,
});

export type ProposeBlockTrade = z.input<typeof proposeBody>;

const proposedAnswer = wire({ block_trade_proposal_id: id });

export async function proposeBlockTrade(http: RestWriter, trade: ProposeBlockTrade): Promise<string> {
  const body = encode(proposeBody, trade, 'POST /communications/block-trade-proposals');
  const at = route`/communications/block-trade-proposals`;
  const answer = await http.send({ method: 'POST', route: at, body, priority: 'quote' }, proposedAnswer);
  return answer.block_trade_proposal_id;
}

const acceptProposalBody = request({
  subtrader_id: z.string().optional(),
  subaccount: toSubaccount.optional(),
});

export type AcceptBlockTrade = z.input<typeof acceptProposalBody>;

export async function acceptBlockTrade(
  http: RestWriter,
  proposalId: string,
  as: AcceptBlockTrade = {},
): Promise<void> {
  const at = route`/communications/block-trade-proposals/${proposalId}/accept`;
  const source = 'POST /communications/block-trade-proposals/{block_trade_proposal_id}/accept';
  const body = encode(acceptProposalBody, as, source);
  await http.send({ method: 'POST', route: at, body, priority: 'exit' }, z.unknown());
}
