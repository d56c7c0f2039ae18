import { Price, type Side } from '@kalshi-mm/core';

/** The current and the deprecated names of a direction, and the two prices, as orders and fills carry them. */
export function directionJson(side: Side, price: Price) {
  const outcome = side === 'bid' ? 'yes' : 'no';
  return {
    outcome_side: outcome,
    book_side: side,
    side: outcome,
    action: 'buy',
    yes_price_dollars: Price.format(price),
    no_price_dollars: Price.format(Price.complement(price)),
  };
}
