import { Price } from './price.ts';

/** `bid` buys YES; `ask` sells YES, which is the same as buying NO at 1 − p. */
export type Side = 'bid' | 'ask';

/** The outcome whose price a number is quoted in. */
export type Outcome = 'yes' | 'no';

export const Side = {
  opposite: (side: Side): Side => (side === 'bid' ? 'ask' : 'bid'),
  /** +1 for a bid (adds YES), −1 for an ask. */
  sign: (side: Side): 1 | -1 => (side === 'bid' ? 1 : -1),
  /** Buying YES or selling NO is a bid; buying NO or selling YES is an ask. */
  of: (action: 'buy' | 'sell', outcome: Outcome): Side =>
    (action === 'buy') === (outcome === 'yes') ? 'bid' : 'ask',
  /** What the side pays per contract: a bid pays p, an ask pays 1 − p. */
  cost: (side: Side, price: Price): Price => (side === 'bid' ? price : Price.complement(price)),
} as const;
