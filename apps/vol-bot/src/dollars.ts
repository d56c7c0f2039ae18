import { Money } from '@kalshi-mm/core';

/** For reading: `-$0.1805`. Balances have four decimals; more are shown only where there are more. */
export function dollars(amount: Money): string {
  const text = Money.format(Money.of(Math.abs(amount))).replace(/00$/, '');
  return `${amount < 0 ? '-' : ''}$${text}`;
}
