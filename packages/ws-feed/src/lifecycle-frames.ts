import { Timestamp } from '@kalshi-mm/core';
import { z } from 'zod';
import { integer, optionalId, optionalText, price, text, ticker } from './wire-fields.ts';

/** Unix seconds. */
const seconds = integer
  .transform((value) => Timestamp.of(value * 1_000))
  .nullish()
  .transform((ms) => ms ?? null);
const optionalNumber = z
  .number()
  .nullish()
  .transform((value) => value ?? null);

export const Lifecycle = z
  .object({
    type: z.enum(['market_lifecycle_v2', 'multivariate_market_lifecycle']),
    sid: integer,
    seq: optionalId,
    msg: z.object({
      event_type: text,
      market_ticker: ticker,
      exchange_index: optionalId,
      open_ts: seconds,
      close_ts: seconds,
      determination_ts: seconds,
      settled_ts: seconds,
      result: optionalText,
      settlement_value: price.nullish(),
      price_level_structure: optionalText,
      price_ranges: z.array(z.object({ start: price, end: price, step: price })).nullish(),
      strike_type: optionalText,
      floor_strike: optionalNumber,
      cap_strike: optionalNumber,
      yes_sub_title: optionalText,
      additional_metadata: z.record(z.string(), z.unknown()).nullish(),
    }),
  })
  .transform(({ msg, ...head }) => ({
    type: head.type,
    sid: head.sid,
    seq: head.seq,
    eventType: msg.event_type,
    ticker: msg.market_ticker,
    exchangeIndex: msg.exchange_index,
    openMs: msg.open_ts,
    closeMs: msg.close_ts,
    determinedMs: msg.determination_ts,
    settledMs: msg.settled_ts,
    result: msg.result ?? null,
    settlementValue: msg.settlement_value ?? null,
    priceStructure: msg.price_level_structure ?? null,
    priceRanges: msg.price_ranges ?? null,
    strikeType: msg.strike_type ?? null,
    floorStrike: msg.floor_strike,
    capStrike: msg.cap_strike,
    yesSubTitle: msg.yes_sub_title ?? null,
    metadata: msg.additional_metadata ?? null,
  }));

export const EventListed = z
  .object({
    type: z.literal('event_lifecycle'),
    sid: integer,
    seq: optionalId,
    msg: z.object({
      event_ticker: text,
      exchange_index: optionalId,
      title: optionalText,
      subtitle: optionalText,
      collateral_return_type: optionalText,
      series_ticker: optionalText,
      strike_date: seconds,
      strike_period: optionalText,
    }),
  })
  .transform(({ msg, ...head }) => ({
    type: head.type,
    sid: head.sid,
    seq: head.seq,
    eventTicker: msg.event_ticker,
    exchangeIndex: msg.exchange_index,
    title: msg.title ?? null,
    subtitle: msg.subtitle ?? null,
    collateralReturnType: msg.collateral_return_type ?? null,
    seriesTicker: msg.series_ticker ?? null,
    strikeMs: msg.strike_date,
    strikePeriod: msg.strike_period ?? null,
  }));

export const EventFee = z
  .object({
    type: z.literal('event_fee_update'),
    sid: integer,
    seq: optionalId,
    msg: z.object({
      event_ticker: text,
      fee_type_override: optionalText,
      fee_multiplier_override: optionalNumber,
    }),
  })
  .transform(({ msg, ...head }) => ({
    type: head.type,
    sid: head.sid,
    seq: head.seq,
    eventTicker: msg.event_ticker,
    feeType: msg.fee_type_override ?? null,
    feeMultiplier: msg.fee_multiplier_override,
  }));
