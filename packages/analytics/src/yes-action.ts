import type { Side } from '@kalshi-mm/core';

/** A side in the words of the tables. Everything is quoted as YES, so only the action differs. */
export interface YesAction {
  readonly action: 'buy' | 'sell';
  readonly side: 'yes';
}

const BUY: YesAction = { action: 'buy', side: 'yes' };
const SELL: YesAction = { action: 'sell', side: 'yes' };

export const YesAction = {
  of: (side: Side): YesAction => (side === 'bid' ? BUY : SELL),
} as const;
