import { z } from 'zod';
import { integer, optionalId, optionalText, price, text, ticker } from './wire-fields.ts';

export const Lifecycle = z
  .object({
    type: z.literal('market_lifecycle_v2'),
    sid: integer,
    seq: optionalId,
    msg: z.object({
      event_type: text,
      market_ticker: ticker,
      result: optionalText,
      settlement_value: price.nullish(),
    }),
  })
  .transform(({ msg, ...head }) => ({
    type: head.type,
    sid: head.sid,
    seq: head.seq,
    eventType: msg.event_type,
    ticker: msg.market_ticker,
    result: msg.result ?? null,
    settlementValue: msg.settlement_value ?? null,
  }));

export const EventMessage = z
  .object({
    type: z.enum(['event_lifecycle', 'event_fee_update']),
    sid: integer,
    seq: optionalId,
    msg: z.object({ event_ticker: text }),
  })
  .transform((frame) => ({
    type: frame.type,
    sid: frame.sid,
    seq: frame.seq,
    eventTicker: frame.msg.event_ticker,
  }));
