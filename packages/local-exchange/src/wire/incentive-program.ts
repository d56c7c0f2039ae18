import { Count, type Money, Ticker, Timestamp } from '@kalshi-mm/core';
import type { IncentiveProgram as ExchangeProgram, IncentiveTerms } from '@kalshi-mm/simulator';
import { marketId } from './market-id.ts';

/** A row of `GET /incentive_programs`, as on the wire. */
export interface IncentiveProgram {
  readonly id: string;
  readonly market_id: string;
  readonly market_ticker: string;
  readonly incentive_type: 'liquidity' | 'volume' | 'margin_maker_volume' | 'margin_taker_volume';
  readonly incentive_description: string;
  /** RFC 3339. */
  readonly start_date: string;
  readonly end_date: string;
  /** The whole pool, $0.0001. */
  readonly period_reward: number;
  readonly paid_out: boolean;
  readonly discount_factor_bps?: number | null;
  readonly target_size_fp?: string;
  /** $0.0001. */
  readonly max_reward_per_account?: number | null;
}

export function incentiveJson(program: ExchangeProgram): IncentiveProgram {
  const { ticker, targetSize, mostPerAccount, discountBps } = program;
  return {
    id: program.programId,
    market_id: marketId(ticker),
    market_ticker: ticker,
    incentive_type: program.type,
    incentive_description: program.description,
    start_date: Timestamp.formatIso(program.startMs),
    end_date: Timestamp.formatIso(program.endMs),
    period_reward: program.pool / CENTI_CENT,
    paid_out: program.paidOut,
    ...(discountBps === null ? {} : { discount_factor_bps: discountBps }),
    ...(targetSize === null ? {} : { target_size_fp: Count.format(targetSize) }),
    ...(mostPerAccount === null ? {} : { max_reward_per_account: mostPerAccount / CENTI_CENT }),
  };
}

/** What the row promises; its `market_id` follows from the ticker. @throws WireError for what cannot be read */
export function incentiveTerms(row: Omit<IncentiveProgram, 'market_id' | 'paid_out'>): IncentiveTerms {
  const { target_size_fp: targetSize, max_reward_per_account: most } = row;
  return {
    programId: row.id,
    ticker: Ticker.of(row.market_ticker),
    type: row.incentive_type,
    description: row.incentive_description,
    startMs: Timestamp.of(Date.parse(row.start_date)),
    endMs: Timestamp.of(Date.parse(row.end_date)),
    pool: (row.period_reward * CENTI_CENT) as Money,
    targetSize: targetSize === undefined ? null : Count.parse(targetSize),
    discountBps: row.discount_factor_bps ?? null,
    mostPerAccount: most === undefined || most === null ? null : ((most * CENTI_CENT) as Money),
  };
}

/** $0.0001 in units of money. */
const CENTI_CENT = 100;
