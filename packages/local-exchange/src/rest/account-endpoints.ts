import { Count } from '@kalshi-mm/core';
import { tierLimits } from '../access/tier.ts';
import { unixSeconds } from '../wire/iso-time.ts';
import { DEFAULT_COST, type Endpoint, ok, PREFIX, type RestCall, read } from './endpoint.ts';

/** Limits of the account, and what each endpoint costs. */
export function accountEndpoints(others: readonly Endpoint[]): readonly Endpoint[] {
  return [
    read('/account/limits', 'signed', limits),
    read('/account/api_usage_level/volume_progress', 'signed', volumeProgress),
    read('/api_keys', 'signed', keys),
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

/** A local key may do everything; where it may trade is not limited. */
function keys({ keyIds }: RestCall) {
  const api_keys = keyIds.map((id) => ({ api_key_id: id, name: id, scopes: ['read', 'write'] }));
  return ok({ api_keys, api_key_region_expiration_ts: null });
}

/** Parts of the exchange's volume, both sides counted, in 1/100,000: to earn and to keep a level. */
const GOALS = [
  ['expert', 75, 50],
  ['premier', 125, 100],
  ['paragon', 250, 200],
  ['prime', 500, 400],
  ['prestige', 1_000, 800],
] as const;

const MONTH_MS = 30 * 24 * 3_600_000;

function volumeProgress({ exchange, userId }: RestCall) {
  const since = exchange.nowMs - MONTH_MS;
  const own = exchange.fills(userId).filter(({ atMs }) => atMs >= since);
  const traded = exchange.markets().reduce((sum, { ticker }) => sum + exchange.statistics(ticker).volume, 0);
  const share = (parts: number): string => Count.format(Math.round((2 * traded * parts) / 100_000));
  return ok({
    volume_progress: [
      {
        computed_ts: unixSeconds(exchange.nowMs),
        trailing_30d_volume_fp: Count.format(own.reduce((sum, fill) => sum + fill.count, 0)),
        goals: GOALS.map(([level, earn, keep]) => ({
          level,
          earn_volume_goal_fp: share(earn),
          keep_volume_goal_fp: share(keep),
        })),
      },
    ],
  });
}
