import { Count, Money, Position } from '@kalshi-mm/core';
import type { ExchangePosition } from '@kalshi-mm/simulator';
import { isoTime } from './iso-time.ts';

/** One row of `market_positions`; positive holds YES, negative holds NO. */
export function positionJson(position: ExchangePosition, exchangeIndex: number) {
  return {
    ticker: position.ticker,
    exchange_index: exchangeIndex,
    position_fp: Position.format(position.position),
    total_traded_dollars: Money.format(position.totalTraded),
    market_exposure_dollars: Money.format(position.exposure),
    realized_pnl_dollars: Money.format(position.realizedPnl),
    fees_paid_dollars: Money.format(position.feesPaid),
    last_updated_ts: isoTime(position.updatedMs),
  };
}

/** One row of `event_positions`: the sums over an event's markets. */
export function eventPositionJson(eventTicker: string, positions: readonly ExchangePosition[]) {
  const sum = (amount: (position: ExchangePosition) => Money): string =>
    Money.format(positions.reduce((total, position) => Money.add(total, amount(position)), Money.ZERO));
  return {
    event_ticker: eventTicker,
    total_cost_dollars: sum((p) => p.totalTraded),
    total_cost_shares_fp: Count.format(positions.reduce((total, p) => total + Math.abs(p.position), 0)),
    event_exposure_dollars: sum((p) => p.exposure),
    realized_pnl_dollars: sum((p) => p.realizedPnl),
    fees_paid_dollars: sum((p) => p.feesPaid),
  };
}
