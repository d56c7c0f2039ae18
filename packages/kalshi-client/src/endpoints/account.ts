import * as z from 'zod';
import type { RestReader } from '../rest-reader.ts';
import type { RestWriter } from '../rest-writer.ts';
import { route } from '../route.ts';
import {
  accountLimitsAnswer,
  endpointCostsAnswer,
  type VolumeProgress,
  volumeProgressAnswer,
  type WireAccountLimits,
  type WireEndpointCosts,
} from '../wire-account.ts';

/** Token buckets and tier of the account. */
export function getAccountLimits(http: RestReader): Promise<WireAccountLimits> {
  return http.get(route`/account/limits`, accountLimitsAnswer);
}

/** What each request costs. */
export function getEndpointCosts(http: RestReader): Promise<WireEndpointCosts> {
  return http.get(route`/account/endpoint_costs`, endpointCostsAnswer);
}

/** How far the account is from the tiers that volume earns. */
export function getVolumeProgress(http: RestReader): Promise<VolumeProgress> {
  return http.get(route`/account/api_usage_level/volume_progress`, volumeProgressAnswer);
}

/** Asks for the Advanced tier, for good. One of the last 100 orders must have come through the API. */
export async function upgradeUsageLevel(http: RestWriter): Promise<void> {
  await http.send(
    { method: 'POST', route: route`/account/api_usage_level/upgrade`, priority: 'read' },
    z.unknown(),
  );
}
