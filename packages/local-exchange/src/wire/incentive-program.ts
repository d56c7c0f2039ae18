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
