import { type Outcome, Price, Side } from '@kalshi-mm/core';

/** An order in the words of people: which outcome, bought or sold, at which price of that outcome. */
export interface WordedOrder {
  readonly action: 'buy' | 'sell';
  readonly outcome: Outcome;
  readonly price: Price;
}

/** The same on the one book of the market, in YES prices: buying NO at p is selling YES at 1 − p. */
export function toBookOrder({ action, outcome, price }: WordedOrder): { side: Side; price: Price } {
  return { side: Side.of(action, outcome), price: outcome === 'yes' ? price : Price.complement(price) };
}

/**
 * How an order of the book reads: a bid buys YES or sells NO, an ask sells YES or buys NO.
 *
 * @param outcome the one to speak of
 */
export function toWordedOrder(side: Side, price: Price, outcome: Outcome): WordedOrder {
  return {
    action: (side === 'bid') === (outcome === 'yes') ? 'buy' : 'sell',
    outcome,
    price: outcome === 'yes' ? price : Price.complement(price),
  };
}
