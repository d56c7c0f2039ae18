import { Money } from '@kalshi-mm/core';
import type {
  ExchangeFigures,
  ExchangeFillFigures,
  RecordedFill,
  RecordedPosition,
} from './account-picture.ts';

type FillField = 'ticker' | 'side' | 'price' | 'count' | 'fee';

/** One disagreement between the database and the exchange; numbers in core's units. */
export type Difference =
  /** The exchange has it, the database does not. */
  | {
      readonly kind: 'fill-missing';
      readonly fillId: string;
      readonly orderId: string;
      readonly ticker: string;
    }
  /** The database has it, the exchange does not. */
  | {
      readonly kind: 'fill-unknown';
      readonly fillId: string;
      readonly orderId: string;
      readonly ticker: string;
    }
  | {
      readonly kind: 'fill-different';
      readonly fillId: string;
      readonly orderId: string;
      readonly field: FillField;
      readonly ours: number | string;
      readonly theirs: number | string;
    }
  | {
      readonly kind: 'position' | 'realized-pnl' | 'fees';
      readonly ticker: string;
      readonly ours: number;
      readonly theirs: number;
    }
  | { readonly kind: 'balance'; readonly ours: number; readonly theirs: number };

export interface RecordedFigures {
  readonly fills: readonly RecordedFill[];
  readonly positions: readonly RecordedPosition[];
}

/** Compares to the unit. Two pictures of the same account give an empty list. */
export function compareAccounts(ours: RecordedFigures, theirs: ExchangeFigures): Difference[] {
  return [
    ...fillDifferences(ours, theirs),
    ...positionDifferences(ours, theirs),
    ...balanceDifference(ours, theirs),
  ];
}

function fillDifferences(ours: RecordedFigures, theirs: ExchangeFigures): Difference[] {
  const differences: Difference[] = [];
  const known = new Map(ours.fills.map((fill) => [keyOf(fill), fill]));
  const seen = new Set<string>();
  for (const fill of theirs.fills) {
    const { fillId, orderId, ticker } = fill;
    seen.add(keyOf(fill));
    const own = known.get(keyOf(fill));
    if (own === undefined) {
      differences.push({ kind: 'fill-missing', fillId, orderId, ticker });
      continue;
    }
    for (const field of ['ticker', 'side', 'price', 'count', 'fee'] as const) {
      if (own[field] === fill[field]) continue;
      differences.push({
        kind: 'fill-different',
        fillId,
        orderId,
        field,
        ours: own[field],
        theirs: fill[field],
      });
    }
  }
  for (const { fillId, orderId, ticker, exchangeMs } of ours.fills) {
    if (exchangeMs < (theirs.sinceMs ?? 0) || seen.has(keyOf({ fillId, orderId }))) continue;
    differences.push({ kind: 'fill-unknown', fillId, orderId, ticker });
  }
  return differences;
}

/** Both parties of a trade share its id, so the order belongs to the key. */
function keyOf(fill: Pick<ExchangeFillFigures, 'fillId' | 'orderId'>): string {
  return `${fill.fillId}/${fill.orderId}`;
}

function positionDifferences(ours: RecordedFigures, theirs: ExchangeFigures): Difference[] {
  const differences: Difference[] = [];
  const compare = (
    kind: 'position' | 'realized-pnl' | 'fees',
    ticker: string,
    own: number,
    their: number,
  ) => {
    if (own !== their) differences.push({ kind, ticker, ours: own, theirs: their });
  };
  const own = new Map<string, RecordedPosition>(
    ours.positions.map((position) => [position.ticker, position]),
  );
  const listed = new Set<string>();
  for (const their of theirs.positions) {
    const { ticker } = their;
    const mine = own.get(ticker);
    listed.add(ticker);
    compare('position', ticker, mine?.position ?? 0, their.position);
    if (their.realizedPnl !== undefined) {
      compare('realized-pnl', ticker, mine?.realizedPnl ?? 0, their.realizedPnl);
    }
    if (their.feesPaid !== undefined) compare('fees', ticker, mine?.fees ?? 0, their.feesPaid);
  }
  for (const { ticker, position } of ours.positions) {
    if (!listed.has(ticker)) compare('position', ticker, position, 0);
  }
  return differences;
}

function balanceDifference(ours: RecordedFigures, theirs: ExchangeFigures): Difference[] {
  if (theirs.balance === null || theirs.startBalance === null) return [];
  const expected = Money.add(theirs.startBalance, cashFlow(ours.positions));
  if (expected === theirs.balance) return [];
  return [{ kind: 'balance', ours: expected, theirs: theirs.balance }];
}

/** What trading has changed the cash by: what was realised, less fees and less what the open positions cost. */
function cashFlow(positions: readonly RecordedPosition[]): Money {
  let sum = Money.ZERO;
  for (const { realizedPnl, fees, cost } of positions) {
    sum = Money.add(sum, Money.of(realizedPnl - fees - cost));
  }
  return sum;
}
