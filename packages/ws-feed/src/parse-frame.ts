import { WireError } from '@kalshi-mm/core';
import { z } from 'zod';
import { FillMessage, MarketPosition, UserOrder } from './account-frames.ts';
import { Ack, Failure, Subscribed } from './answer-frames.ts';
import { OrderGroup, Quote, QuoteExecuted, Rfq } from './communication-frames.ts';
import type { Frame } from './frames.ts';
import { EventFee, EventListed, Lifecycle } from './lifecycle-frames.ts';
import { Delta, Snapshot, Tick, Trade } from './market-frames.ts';
import { FastIndexPrice, IndexNames, IndexPrice, UnderlyingNames, UnderlyingPrice } from './price-frames.ts';
import { integer } from './wire-fields.ts';

/**
 * Reads one frame; the reference that the byte scanner must agree with. Unknown fields are ignored, a known field
 * that does not fit is an error: no number ever gets a default.
 *
 * @param value the frame after `JSON.parse`
 * @returns the frame in core's units; `unknown` for a type that is not documented
 * @throws WireError naming the field
 */
export function parseFrame(value: unknown): Frame {
  const envelope = check(Envelope, value, 'frame');
  const schema = SCHEMAS[envelope.type];
  if (schema === undefined) {
    return {
      type: 'unknown',
      wireType: envelope.type,
      sid: envelope.sid ?? null,
      seq: envelope.seq ?? null,
    };
  }
  return check(schema, value, envelope.type);
}

function check<T>(schema: z.ZodType<T>, value: unknown, path: string): T {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const issue = result.error.issues[0]!;
  throw new WireError([path, ...issue.path.map(String)].join('.'), issue.message, valueAt(value, issue.path));
}

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (at, key) =>
      typeof at === 'object' && at !== null ? (at as Record<PropertyKey, unknown>)[key] : undefined,
    value,
  );
}

const Envelope = z.object({ type: z.string(), sid: integer.nullish(), seq: integer.nullish() });

const SCHEMAS: Readonly<Record<string, z.ZodType<Frame> | undefined>> = Object.assign(Object.create(null), {
  orderbook_snapshot: Snapshot,
  orderbook_delta: Delta,
  trade: Trade,
  ticker: Tick,
  fill: FillMessage,
  user_order: UserOrder,
  market_position: MarketPosition,
  market_lifecycle_v2: Lifecycle,
  multivariate_market_lifecycle: Lifecycle,
  event_lifecycle: EventListed,
  event_fee_update: EventFee,
  order_group_updates: OrderGroup,
  rfq_created: Rfq,
  rfq_deleted: Rfq,
  quote_created: Quote,
  quote_accepted: Quote,
  quote_executed: QuoteExecuted,
  cfbenchmarks_value: IndexPrice,
  cfbenchmarks_value_5hz: FastIndexPrice,
  pyth_value: UnderlyingPrice,
  cfbenchmarks_value_indexlist: IndexNames,
  cfbenchmarks_value_5hz_indexlist: IndexNames,
  pyth_value_underlying_list: UnderlyingNames,
  subscribed: Subscribed,
  ok: Ack,
  unsubscribed: Ack,
  error: Failure,
} satisfies Record<string, z.ZodType<Frame>>);
