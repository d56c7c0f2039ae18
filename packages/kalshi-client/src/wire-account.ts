import * as z from 'zod';
import { anyTime, count, optional, wire, word } from './wire-fields.ts';

/** One token bucket of the account. */
export interface BucketLimits {
  readonly refillPerSecond: number;
  readonly capacity: number;
}

/** `GET /account/limits`. */
export interface AccountLimits {
  readonly usageTier: string;
  readonly read: BucketLimits;
  readonly write: BucketLimits;
}

const bucket = wire({ refill_rate: z.number().positive(), bucket_capacity: z.number().positive() });

const grant = wire({
  exchange_instance: word('event_contract', 'margined'),
  level: z.string(),
  expires_ts: optional(anyTime),
  source: word('volume', 'manual'),
});

export const accountLimitsAnswer = wire({
  usage_tier: z.string(),
  read: bucket,
  write: bucket,
  grants: optional(z.array(grant)),
});

export type WireAccountLimits = z.output<typeof accountLimitsAnswer>;

export function toAccountLimits(wire: WireAccountLimits): AccountLimits {
  return { usageTier: wire.usage_tier, read: toBucket(wire.read), write: toBucket(wire.write) };
}

function toBucket(wire: z.output<typeof bucket>): BucketLimits {
  return { refillPerSecond: wire.refill_rate, capacity: wire.bucket_capacity };
}

/** `GET /account/endpoint_costs`: tokens per request. */
export interface EndpointCosts {
  readonly defaultCost: number;
  readonly endpoints: readonly { readonly method: string; readonly path: string; readonly cost: number }[];
}

const endpointCost = wire({ method: z.string(), path: z.string(), cost: z.number().min(0) });

export const endpointCostsAnswer = wire({
  default_cost: z.number().min(0),
  endpoint_costs: z.array(endpointCost),
});

export type WireEndpointCosts = z.output<typeof endpointCostsAnswer>;

export function toEndpointCosts(wire: WireEndpointCosts): EndpointCosts {
  return { defaultCost: wire.default_cost, endpoints: wire.endpoint_costs };
}

const goal = wire({ level: z.string(), earn_volume_goal_fp: count, keep_volume_goal_fp: count });

export const volumeProgressAnswer = wire({
  volume_progress: z.array(
    wire({ computed_ts: anyTime, trailing_30d_volume_fp: count, goals: z.array(goal) }),
  ),
});

export type VolumeProgress = z.output<typeof volumeProgressAnswer>;
