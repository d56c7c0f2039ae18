import type { OrderReport } from '@kalshi-mm/core';
import { expect, it, vi } from 'vitest';
import { cancelOrders } from './cancel-orders.ts';
import type { BotParts } from './wire.ts';

it('does not take an empty list for the truth while the outcome of a request is unknown', async () => {
  // A create that got no answer: the first list does not show the order yet, the look-up then finds it.
  const lists: OrderReport[][] = [[], [{ clientOrderId: 'mm-1' } as OrderReport], []];
  let unknown = 1;
  let drains = 0;
  const post = vi.fn();
  const parts = {
    host: { post },
    clock: { now: () => 0 },
    log: { debug: () => undefined },
    connection: {
      execution: {
        openRequests: () => unknown,
        drain: async () => {
          if (++drains === 2) unknown = 0;
        },
      },
      client: {
        async *orders() {
          yield lists.shift() ?? [];
        },
      },
    },
  } as unknown as BotParts;
  await cancelOrders(parts);
  expect(lists).toEqual([]);
  expect(post).toHaveBeenCalledWith(
    expect.objectContaining({ type: 'orders.reported', orders: [{ clientOrderId: 'mm-1' }] }),
  );
});
