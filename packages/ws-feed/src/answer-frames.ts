import { z } from 'zod';
import { integer, optionalId, text, ticker } from './wire-fields.ts';

export const Subscribed = z
  .object({ type: z.literal('subscribed'), id: optionalId, msg: z.object({ channel: text, sid: integer }) })
  .transform((frame) => ({
    type: frame.type,
    id: frame.id,
    channel: frame.msg.channel,
    sid: frame.msg.sid,
  }));

const Listing = z.array(z.object({ channel: text, sid: integer }));

export const Ack = z
  .object({
    type: z.enum(['ok', 'unsubscribed']),
    id: optionalId,
    sid: optionalId,
    seq: optionalId,
    // A list of subscriptions, or the markets of one, which are known here anyway.
    msg: z.union([Listing, z.record(z.string(), z.unknown())]).nullish(),
  })
  .transform(({ msg, ...head }) => ({ ...head, subscriptions: Array.isArray(msg) ? msg : null }));

export const Failure = z
  .object({
    type: z.literal('error'),
    id: optionalId,
    sid: optionalId,
    seq: optionalId,
    msg: z.object({
      code: integer,
      msg: z.string(),
      market_ticker: ticker.nullish(),
      market_tickers: z.array(ticker).nullish(),
    }),
  })
  .transform(({ msg, ...head }) => ({
    type: head.type,
    id: head.id,
    sid: head.sid,
    seq: head.seq,
    code: msg.code,
    message: msg.msg,
    tickers: msg.market_tickers ?? (msg.market_ticker == null ? [] : [msg.market_ticker]),
  }));
