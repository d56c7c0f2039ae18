import { expect, it } from 'vitest';
import { endpointCost } from './endpoint-cost.ts';

it("prices requests by the exchange's patterns, the most literal first", () => {
  const base = '/trade-api/v2/portfolio';
  const costOf = endpointCost({
    defaultCost: 10,
    endpoints: [
      { method: 'DELETE', path: `${base}/events/orders/:order_id`, cost: 2 },
      { method: 'DELETE', path: `${base}/events/orders/batched`, cost: 3 },
      { method: 'GET', path: `${base}/orders/:order_id`, cost: 2 },
      { method: 'GET', path: '/trade-api/v2/cfbenchmarks/*path', cost: 50 },
    ],
  });
  expect(costOf('DELETE', `${base}/events/orders/X1`)).toBe(2);
  expect(costOf('DELETE', `${base}/events/orders/batched`)).toBe(3);
  expect(costOf('POST', `${base}/events/orders/X1`)).toBe(10);
  expect(costOf('GET', `${base}/orders/X1`)).toBe(2);
  expect(costOf('GET', `${base}/orders`)).toBe(10);
  expect(costOf('GET', `${base}/orders/X1/queue_position`)).toBe(10);
  expect(costOf('GET', '/trade-api/v2/cfbenchmarks/a/b')).toBe(50);
});
