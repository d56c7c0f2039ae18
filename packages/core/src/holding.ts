import type { Count } from './count.ts';
import { Money } from './money.ts';
import { Position } from './position.ts';
import { Price } from './price.ts';
import { Side } from './side.ts';

/** What an account holds in one market, at average cost. YES and NO net at once, as on the exchange. */
export interface Holding {
  readonly position: Position;
  /** What the open position cost: its worst-case loss. */
  readonly cost: Money;
  /** Gains of what was closed, before fees. */
  readonly realizedPnl: Money;
  readonly fees: Money;
}

export const Holding = {
  EMPTY: { position: Position.FLAT, cost: Money.ZERO, realizedPnl: Money.ZERO, fees: Money.ZERO } as Holding,

  /** The holding after one fill. The part that closes is valued at average cost, the rest opens at the price. */
  afterFill(before: Holding, side: Side, price: Price, count: Count, fee: Money): Holding {
    const sign = Side.sign(side);
    const held = before.position;
    const closing = Math.sign(held) === -sign ? Math.min(Math.abs(held), count) : 0;
    const opening = count - closing;
    // Closing YES by an ask receives p; closing NO by a bid receives 1 − p.
    const proceeds = Money.notional(Side.cost(Side.opposite(side), price), closing);
    const released = releasedCost(before, closing);
    return {
      position: Position.of(held + sign * count),
      cost: Money.of(before.cost - released + Money.notional(Side.cost(side, price), opening)),
      realizedPnl: Money.of(before.realizedPnl + proceeds - released),
      fees: Money.add(before.fees, fee),
    };
  },

  /** The holding after the market has paid out `settlementPrice` per YES contract. */
  afterSettlement(before: Holding, settlementPrice: Price): Holding {
    const payout = Holding.payout(before.position, settlementPrice);
    return {
      position: Position.FLAT,
      cost: Money.ZERO,
      realizedPnl: Money.of(before.realizedPnl + payout - before.cost),
      fees: before.fees,
    };
  },

  /** What a position is paid at settlement, or is worth at a price. */
  payout(position: Position, price: Price): Money {
    return position >= 0
      ? Money.notional(price, position)
      : Money.notional(Price.complement(price), -position);
  },

  /** Average YES price of the open position, rounded to the nearest price unit; null when flat. */
  averagePrice(holding: Holding): Price | null {
    if (holding.position === 0) return null;
    const perContract = Math.round(holding.cost / Math.abs(holding.position));
    return Price.of(holding.position > 0 ? perContract : 10_000 - perContract, 'average price');
  },
} as const;

/** The cost of the closed part, rounded down to the unit; closing everything releases everything. */
function releasedCost(before: Holding, closing: number): number {
  const size = Math.abs(before.position);
  if (closing === 0) return 0;
  if (closing === size) return before.cost;
  return Number((BigInt(before.cost) * BigInt(closing)) / BigInt(size));
}
