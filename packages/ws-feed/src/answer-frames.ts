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

export const Ack = z
  .object({ type: z.enum(['ok', 'unsubscribed']), id: optionalId, sid: optionalId, seq: optionalId })
  .transform((frame) => ({ type: frame.type, id: frame.id, sid: frame.sid, seq: frame.seq }));

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
