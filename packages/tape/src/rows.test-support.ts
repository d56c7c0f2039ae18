import fc from 'fast-check';
import type { ReceiveUnit } from './block-columns.ts';
import { RowKind, type TapeRow } from './row.ts';

/** Rows with every width of difference, unknown times and numbers, and several markets; for tests. */
export function arbitraryRows(unit: ReceiveUnit, markets = 300): fc.Arbitrary<TapeRow[]> {
  const perMs = unit === 'us' ? 1000 : 1;
  const gap = fc.oneof(
    { weight: 8, arbitrary: fc.integer({ min: 0, max: 300 }) },
    { weight: 2, arbitrary: fc.integer({ min: 0, max: 2 ** 25 }) },
    { weight: 1, arbitrary: fc.integer({ min: 0, max: 2 ** 40 }) },
  );
  const row = fc.record({
    gap,
    lag: fc.oneof(
      fc.constant(Number.NaN),
      fc.integer({ min: -100, max: 100 }),
      fc.integer({ min: -1e9, max: 1e9 }),
    ),
    seq: fc.oneof(fc.constant(Number.NaN), fc.nat(), fc.integer({ min: 0, max: 2 ** 45 })),
    kind: fc.constantFrom(...Object.values(RowKind)),
    market: fc.oneof(fc.constant(0), fc.nat(markets - 1)),
    side: fc.constantFrom(0 as const, 1 as const),
    flags: fc.nat(31),
    price: fc.nat(10_000),
    count: fc.oneof(fc.integer({ min: -500, max: 500 }), fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 })),
  });
  return fc.array(row, { minLength: 1, maxLength: 200 }).map((drafts) => {
    let recv = 1_700_000_000_000 * perMs;
    return drafts.map(({ gap: step, lag, ...rest }) => {
      recv += step;
      const recvMs = recv / perMs;
      // Spot rows name instruments, which are numbered on from the markets.
      const market = rest.kind === RowKind.spot ? rest.market + markets : rest.market;
      return { recvMs, exchangeMs: Math.floor(recvMs) - lag, ...rest, market };
    });
  });
}
