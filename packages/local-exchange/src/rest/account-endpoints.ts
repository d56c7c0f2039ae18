import { tierLimits } from '../access/tier.ts';
import { DEFAULT_COST, type Endpoint, ok, PREFIX, type RestCall, read } from './endpoint.ts';

/** Limits of the account, and what each endpoint costs. */
export function accountEndpoints(others: readonly Endpoint[]): readonly Endpoint[] {
  return [
    read('/account/limits', 'signed', limits),
    read('/account/endpoint_costs', 'public', () =>
      ok({ default_cost: DEFAULT_COST, endpoint_costs: others.flatMap(costJson) }),
    ),
  ];
}

function limits({ tier }: RestCall) {
  const { read: reads, write: writes } = tierLimits(tier);
  return ok({
    usage_tier: tier,
    read: { refill_rate: reads.refillRate, bucket_capacity: reads.capacity },
    write: { refill_rate: writes.refillRate, bucket_capacity: writes.capacity },
    grants: [],
  });
}

/** Only what differs from the default is listed, as on the exchange; a batch's cost is that of one item. */
function costJson({ method, path, cost }: Endpoint): object[] {
  return cost === DEFAULT_COST ? [] : [{ method, path: `${PREFIX}${path}`, cost }];
}
