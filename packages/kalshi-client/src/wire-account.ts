import { z } from 'zod';

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

const bucket = z
  .object({ refill_rate: z.number().positive(), bucket_capacity: z.number().positive() })
  .transform((wire): BucketLimits => ({ refillPerSecond: wire.refill_rate, capacity: wire.bucket_capacity }));

export const accountLimitsAnswer = z
  .object({ usage_tier: z.string(), read: bucket, write: bucket })
  .transform((wire): AccountLimits => ({ usageTier: wire.usage_tier, read: wire.read, write: wire.write }));

/** `GET /account/endpoint_costs`: tokens per request. */
export interface EndpointCosts {
  readonly defaultCost: number;
  readonly endpoints: readonly { readonly method: string; readonly path: string; readonly cost: number }[];
}

const endpointCost = z.object({ method: z.string(), path: z.string(), cost: z.number().min(0) });

export const endpointCostsAnswer = z
  .object({ default_cost: z.number().min(0), endpoint_costs: z.array(endpointCost) })
  .transform((wire): EndpointCosts => ({ defaultCost: wire.default_cost, endpoints: wire.endpoint_costs }));
