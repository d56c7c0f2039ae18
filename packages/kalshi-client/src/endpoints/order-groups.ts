import * as z from 'zod';
import { encode, request, toCount, toShard, toSubaccount } from '../request-fields.ts';
import type { RestReader } from '../rest-reader.ts';
import type { RestWriter } from '../rest-writer.ts';
import { route } from '../route.ts';
import { count, flag, id, optional, shard, whole, wire } from '../wire-fields.ts';

const createBody = request({
  /** Contracts matched within any 15 s, 1 to 1,000,000. */
  contracts_limit_fp: toCount,
  subaccount: toSubaccount.optional(),
  exchange_index: toShard.optional(),
});

export type CreateOrderGroup = z.input<typeof createBody>;

const createdAnswer = wire({
  order_group_id: id,
  subaccount: whole,
  exchange_index: shard,
});

export type CreatedOrderGroup = z.output<typeof createdAnswer>;

/**
 * Makes a group whose orders are all canceled, and new ones refused until a reset, when they trade faster than the
 * limit. A group lives on one shard and one subaccount.
 */
export function createOrderGroup(http: RestWriter, group: CreateOrderGroup): Promise<CreatedOrderGroup> {
  const body = encode(createBody, group, 'POST /portfolio/order_groups/create');
  return http.send(
    {
      method: 'POST',
      route: route`/portfolio/order_groups/create`,
      body,
      priority: 'quote',
      shard: body.exchange_index,
    },
    createdAnswer,
  );
}

const readQuery = request({ subaccount: toSubaccount.optional() });

export type GetOrderGroups = z.input<typeof readQuery>;

const group = wire({
  id,
  contracts_limit_fp: optional(count),
  is_auto_cancel_enabled: flag,
  exchange_index: shard,
});

export type OrderGroup = z.output<typeof group>;

const groupsAnswer = wire({ order_groups: optional(z.array(group)) });

export async function getOrderGroups(
  http: RestReader,
  query: GetOrderGroups = {},
): Promise<readonly OrderGroup[]> {
  const filters = encode(readQuery, query, 'GET /portfolio/order_groups');
  return (await http.get(route`/portfolio/order_groups`, groupsAnswer, filters)).order_groups ?? [];
}

const groupAnswer = wire({
  is_auto_cancel_enabled: flag,
  contracts_limit_fp: optional(count),
  /** Ids of its orders. */
  orders: z.array(z.string()),
  exchange_index: shard,
});

export type OrderGroupDetails = z.output<typeof groupAnswer>;

export function getOrderGroup(
  http: RestReader,
  groupId: string,
  query: GetOrderGroups = {},
): Promise<OrderGroupDetails> {
  const filters = encode(readQuery, query, 'GET /portfolio/order_groups/{order_group_id}');
  return http.get(route`/portfolio/order_groups/${groupId}`, groupAnswer, filters);
}

const targetQuery = request({ subaccount: toSubaccount.optional(), exchange_index: toShard.optional() });

/** Shard 0 and subaccount 0 unless named. */
export type OrderGroupTarget = z.input<typeof targetQuery>;

/** Lets a group take orders again. */
export async function resetOrderGroup(
  http: RestWriter,
  groupId: string,
  target: OrderGroupTarget = {},
): Promise<void> {
  const query = encode(targetQuery, target, 'PUT /portfolio/order_groups/{order_group_id}/reset');
  await http.send(
    {
      method: 'PUT',
      route: route`/portfolio/order_groups/${groupId}/reset`,
      query,
      body: {},
      priority: 'quote',
      shard: query.exchange_index,
    },
    z.unknown(),
  );
}

/** Cancels all orders of a group and refuses new ones until a reset. As urgent as a cancel. */
export async function triggerOrderGroup(
  http: RestWriter,
  groupId: string,
  target: OrderGroupTarget = {},
): Promise<void> {
  const query = encode(targetQuery, target, 'PUT /portfolio/order_groups/{order_group_id}/trigger');
  await http.send(
    {
      method: 'PUT',
      route: route`/portfolio/order_groups/${groupId}/trigger`,
      query,
      body: {},
      priority: 'cancel',
      shard: query.exchange_index,
    },
    z.unknown(),
  );
}

const limitBody = request({ contracts_limit_fp: toCount });

export type OrderGroupLimit = z.input<typeof limitBody>;

/** Sets a new limit; the group may trigger at once. */
export async function setOrderGroupLimit(
  http: RestWriter,
  groupId: string,
  limit: OrderGroupLimit,
  target: OrderGroupTarget = {},
): Promise<void> {
  const source = 'PUT /portfolio/order_groups/{order_group_id}/limit';
  const query = encode(targetQuery, target, source);
  await http.send(
    {
      method: 'PUT',
      route: route`/portfolio/order_groups/${groupId}/limit`,
      query,
      body: encode(limitBody, limit, source),
      priority: 'quote',
      shard: query.exchange_index,
    },
    z.unknown(),
  );
}

/** Cancels all orders of a group and removes it. As urgent as a cancel. */
export async function deleteOrderGroup(
  http: RestWriter,
  groupId: string,
  target: OrderGroupTarget = {},
): Promise<void> {
  const query = encode(targetQuery, target, 'DELETE /portfolio/order_groups/{order_group_id}');
  await http.send(
    {
      method: 'DELETE',
      route: route`/portfolio/order_groups/${groupId}`,
      query,
      priority: 'cancel',
      shard: query.exchange_index,
    },
    z.unknown(),
  );
}
