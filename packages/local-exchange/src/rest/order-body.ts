import { ClientOrderId, Count, Price, Ticker, type TimeInForce, Timestamp, WireError } from '@kalshi-mm/core';
import type { OrderRequest, Result, SelfTradePrevention } from '@kalshi-mm/simulator';
import { z } from 'zod';
import { ApiError } from './api-error.ts';

const shard = { subaccount: z.int().nullish(), exchange_index: z.int().nullish() };

/** JSON types of a create request; what the values mean is judged by `readOrder`. */
export const createBody = z.object({
  ticker: z.string(),
  side: z.string(),
  count: z.string(),
  price: z.string(),
  time_in_force: z.string(),
  self_trade_prevention_type: z.string(),
  client_order_id: z.string().nullish(),
  expiration_time: z.int().nullish(),
  post_only: z.boolean().nullish(),
  reduce_only: z.boolean().nullish(),
  cancel_order_on_pause: z.boolean().nullish(),
  order_group_id: z.string().nullish(),
  ...shard,
});

export const batchCreateBody = z.object({ orders: z.array(createBody) });

export const batchCancelBody = z.object({
  orders: z.array(z.object({ order_id: z.string(), market_ticker: z.string().nullish(), ...shard })),
});

export const amendBody = z.object({
  ticker: z.string(),
  side: z.string(),
  price: z.string(),
  count: z.string(),
  client_order_id: z.string().nullish(),
  updated_client_order_id: z.string().nullish(),
  expiration_time: z.int().nullish(),
  exchange_index: z.int().nullish(),
});

export const decreaseBody = z.object({
  reduce_by: z.string().nullish(),
  reduce_to: z.string().nullish(),
  market_ticker: z.string().nullish(),
  exchange_index: z.int().nullish(),
});

/** @throws ApiError for a value that the exchange refuses before it looks at the market */
export function readOrder(body: z.infer<typeof createBody>): OrderRequest {
  const timeInForce = word(TIME_IN_FORCE, body.time_in_force, 'time_in_force');
  const gtc = timeInForce === 'good-till-canceled';
  if (body.expiration_time && !gtc) {
    throw ApiError.nested(400, 'invalid_order', 'expiration_time goes with good_till_canceled only');
  }
  if (body.reduce_only && timeInForce !== 'immediate-or-cancel') {
    throw ApiError.nested(400, 'invalid_order', 'reduce_only goes with immediate_or_cancel only');
  }
  if (body.post_only && !gtc) {
    throw ApiError.nested(400, 'invalid_order', 'post_only goes with good_till_canceled only');
  }
  return {
    ticker: Ticker.of(body.ticker),
    side: readSide(body.side),
    price: readPrice(body.price),
    count: readCount(body.count, 'count'),
    timeInForce,
    selfTradePrevention: word(STP, body.self_trade_prevention_type, 'self_trade_prevention_type'),
    clientOrderId: readClientOrderId(body.client_order_id),
    postOnly: body.post_only ?? false,
    reduceOnly: body.reduce_only ?? false,
    cancelOnPause: body.cancel_order_on_pause ?? false,
    expirationMs: body.expiration_time ? readExpiration(body.expiration_time) : null,
    orderGroupId: body.order_group_id || null,
  };
}

export function readSide(side: string): 'bid' | 'ask' {
  if (side !== 'bid' && side !== 'ask') throw invalid('side: expected bid or ask');
  return side;
}

/** @throws ApiError `invalid_price` unless strictly between 0 and 1 dollar */
export function readPrice(text: string): Price {
  const price = wire(() => Price.parse(text), 'invalid_price');
  if (!Price.isTradable(price)) throw ApiError.nested(400, 'invalid_price');
  return price;
}

/** @throws ApiError `invalid_parameters` unless above zero with at most two decimals */
export function readCount(text: string, field: string, least = 1): Count {
  const count = wire(() => Count.parse(text, field), 'invalid_parameters');
  if (count < least) throw invalid(`${field}: expected more than zero`);
  return count;
}

export function readClientOrderId(text: string | null | undefined): ClientOrderId | null {
  if (text === null || text === undefined || text === '') return null;
  if (!/^[A-Za-z0-9_-]{1,128}$/.test(text)) {
    throw invalid('client_order_id: use letters, digits, _ and - only');
  }
  return ClientOrderId.of(text);
}

/** @throws ApiError for a refusal */
export function accepted<T>(result: Result<T>): T {
  if (!result.ok) throw ApiError.refused(result.error);
  return result.value;
}

export function invalid(details: string): ApiError {
  return ApiError.nested(400, 'invalid_parameters', details);
}

export function readExpiration(seconds: number): Timestamp {
  if (seconds < 0 || seconds > 99_999_999_999) throw invalid('expiration_time: expected unix seconds');
  return Timestamp.of(seconds * 1_000);
}

const TIME_IN_FORCE: Readonly<Record<string, TimeInForce>> = {
  good_till_canceled: 'good-till-canceled',
  immediate_or_cancel: 'immediate-or-cancel',
  fill_or_kill: 'fill-or-kill',
};

const STP: Readonly<Record<string, SelfTradePrevention>> = {
  taker_at_cross: 'taker-at-cross',
  maker: 'maker',
};

function word<Word>(words: Readonly<Record<string, Word>>, text: string, field: string): Word {
  const found = Object.hasOwn(words, text) ? words[text] : undefined;
  if (found === undefined) throw invalid(`${field}: expected ${Object.keys(words).join(' or ')}`);
  return found;
}

function wire<T>(parse: () => T, code: string): T {
  try {
    return parse();
  } catch (error) {
    if (error instanceof WireError) throw ApiError.nested(400, code, error.message);
    throw error;
  }
}
