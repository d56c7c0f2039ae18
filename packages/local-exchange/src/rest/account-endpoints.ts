import { Count } from '@kalshi-mm/core';
import { tierLimits } from '../access/tier.ts';
import { unixSeconds } from '../wire/iso-time.ts';
import { ApiError } from './api-error.ts';
import { DEFAULT_COST, type Endpoint, ok, PREFIX, type RestCall, type RestReply, read } from './endpoint.ts';

/** Limits of the account, how to raise them, and what each endpoint costs. */
export function accountEndpoints(others: readonly Endpoint[]): readonly Endpoint[] {
  const own: readonly Endpoint[] = [
    read('/account/limits', 'signed', limits),
    read('/account/api_usage_level/volume_progress', 'signed', volumeProgress),
    {
      method: 'POST',
      path: '/account/api_usage_level/upgrade',
      access: 'signed',
      bucket: 'write',
      scope: 'write',
      cost: 30,
      handle: upgrade,
    },
  ];
  return [
    ...own,
    read('/account/endpoint_costs', 'public', () =>
      ok({ default_cost: DEFAULT_COST, endpoint_costs: [...others, ...own].flatMap(costJson) }),
    ),
  ];
}

function limits({ tiers, userId }: RestCall) {
  const tier = tiers.of(userId);
  const { read: reads, write: writes } = tierLimits(tier);
  return ok({
    usage_tier: tier,
    read: { refill_rate: reads.refillRate, bucket_capacity: reads.capacity },
    write: { refill_rate: writes.refillRate, bucket_capacity: writes.capacity },
    grants: tiers
      .grants(userId)
      .map(({ level }) => ({ exchange_instance: 'event_contract', level, source: 'manual' })),
  });
}

/** Every order here comes from the API, so any of the last hundred will do. */
function upgrade({ exchange, userId, tiers }: RestCall): RestReply {
  const hasTraded = exchange.accountsOf(userId).some((account) => exchange.orders(account).length > 0);
  if (!hasTraded) {
    throw ApiError.nested(403, 'permission_denied', 'none of your last 100 orders came from the API');
  }
  tiers.upgrade(userId);
  return { status: 201, body: null };
}

/** Only what differs from the default is listed, as on the exchange; a batch's cost is that of one item. */
function costJson({ method, path, cost }: Endpoint): object[] {
  return cost === DEFAULT_COST ? [] : [{ method, path: `${PREFIX}${path}`, cost }];
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
  const own = exchange
    .accountsOf(userId)
    .flatMap((account) => exchange.fills(account))
    .filter(({ atMs }) => atMs >= since);
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
