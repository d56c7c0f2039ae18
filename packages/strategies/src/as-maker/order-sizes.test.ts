import { Count, Position } from '@kalshi-mm/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type OrderSizesInput, orderSizes } from './order-sizes.ts';

const both = { bid: true, ask: true };

function sizes(
  position: number,
  changes: Partial<OrderSizesInput> = {},
): readonly [bid: number, ask: number] {
  const { bid, ask } = orderSizes({
    position: Position.of(position),
    limit: Count.of(1000),
    orderSize: Count.of(1000),
    buffer: 0.1,
    wholeContracts: true,
    sides: both,
    ...changes,
  });
  return [bid, ask];
}

describe('orderSizes', () => {
  it.each<[string, number, Partial<OrderSizesInput>, readonly [number, number]]>([
    ['flat', 0, {}, [900, 900]],
    ['long: smaller bids, full asks', 300, {}, [600, 1000]],
    ['short: the reverse', -300, {}, [1000, 600]],
    ['at the buffer', 900, {}, [0, 1000]],
    ['beyond the limit only reduces', 1500, {}, [0, 1000]],
    ['a fixed order size', 0, { orderSize: Count.of(200) }, [200, 200]],
    ['floored', 250, {}, [600, 1000]],
    ['not floored', 250, { wholeContracts: false }, [650, 1000]],
    ['a broken rest can be closed', 40, { limit: Count.of(0) }, [0, 40]],
    ['a side that may not add still reduces', -250, { sides: { bid: false, ask: true } }, [200, 600]],
    [
      'a side that may not add and has nothing to reduce',
      250,
      { sides: { bid: false, ask: true } },
      [0, 1000],
    ],
  ])('%s', (_, position, changes, expected) => {
    expect(sizes(position, changes)).toEqual(expected);
  });

  it('leaves the buffer free unless it only reduces', () => {
    const input = fc.record({
      position: fc.integer({ min: -3000, max: 3000 }),
      limit: fc.integer({ min: 0, max: 2000 }),
      orderSize: fc.integer({ min: 0, max: 2000 }),
      buffer: fc.double({ min: 0, max: 0.5, noNaN: true }),
      wholeContracts: fc.boolean(),
    });
    fc.assert(
      fc.property(input, ({ position, limit, orderSize, ...rest }) => {
        const [bid, ask] = sizes(position, {
          ...rest,
          limit: Count.of(limit),
          orderSize: Count.of(orderSize),
        });
        const room = limit * (1 - rest.buffer) + 1e-6;
        expect(position + bid).toBeLessThanOrEqual(Math.max(room, 0, position));
        expect(position - ask).toBeGreaterThanOrEqual(Math.min(-room, 0, position));
        expect(Math.max(bid, ask)).toBeLessThanOrEqual(orderSize);
      }),
    );
  });
});
