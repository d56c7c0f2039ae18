import { Count } from '@kalshi-mm/core';
import { type ExchangeOrderGroup, Subaccount, type UserId } from '@kalshi-mm/simulator';
import { z } from 'zod';
import { accountOf, merged, queryAccount, queryAccounts } from './accounts.ts';
import { ApiError } from './api-error.ts';
import { decodeBody } from './decode-body.ts';
import { DEFAULT_COST, type Endpoint, ok, ownRead, type RestCall } from './endpoint.ts';
import { accepted, invalid, readCount } from './order-body.ts';
import { queryOf } from './query.ts';

const write = {
  access: 'signed',
  bucket: 'write',
  scope: 'write::trade',
  forLockedKeys: true,
  cost: DEFAULT_COST,
} as const;
const ROOT = '/portfolio/order_groups';
const ONE = `${ROOT}/:order_group_id`;

/** Order groups: the exchange's own breaker on fills. */
export const orderGroupEndpoints: readonly Endpoint[] = [
  { ...write, method: 'POST', path: `${ROOT}/create`, takesBody: true, handle: create },
  ownRead(ROOT, list),
  ownRead(ONE, one),
  { ...write, method: 'PUT', path: `${ONE}/reset`, takesBody: true, handle: reset },
  { ...write, method: 'PUT', path: `${ONE}/trigger`, takesBody: true, handle: trigger },
  { ...write, method: 'PUT', path: `${ONE}/limit`, takesBody: true, handle: limit },
  { ...write, method: 'DELETE', path: ONE, handle: remove },
];

const limitBody = z.object({
  contracts_limit: z.int().nullish(),
  contracts_limit_fp: z.string().nullish(),
});

const createBody = limitBody.extend({
  subaccount: z.int().nullish(),
  exchange_index: z.int().nullish(),
});

function create(call: RestCall) {
  const request = decodeBody(createBody, call.body, 'CreateOrderGroupRequest');
  const account = accountOf(call, request.subaccount);
  const shard = request.exchange_index ?? 0;
  const group = accepted(call.exchange.createOrderGroup(account, readLimit(request), Math.max(0, shard)));
  return {
    status: 201,
    body: {
      order_group_id: group.groupId,
      subaccount: Subaccount.numberOf(account),
      exchange_index: group.exchangeIndex,
    },
  } as const;
}

function list(call: RestCall) {
  const accounts = queryAccounts(call, 'GetOrderGroups');
  const groups = merged(accounts, call.exchange.orderGroups, (group) => group.createdMs);
  return ok({ order_groups: groups.map((group) => ({ id: group.groupId, ...groupJson(group) })) });
}

function one(call: RestCall) {
  for (const account of queryAccounts(call, 'GetOrderGroup')) {
    const found = call.exchange.orderGroup(account, call.param('order_group_id'));
    if (found.ok) return ok({ ...groupJson(found.value), orders: found.value.orders });
  }
  throw ApiError.nested(404, 'not_found');
}

function reset(call: RestCall) {
  accepted(call.exchange.resetOrderGroup(...groupOf(call)));
  return ok({});
}

function trigger(call: RestCall) {
  accepted(call.exchange.triggerOrderGroup(...groupOf(call)));
  return ok({});
}

function limit(call: RestCall) {
  const group = groupOf(call);
  const contracts = readLimit(decodeBody(limitBody, call.body, 'UpdateOrderGroupLimitRequest'));
  accepted(call.exchange.setOrderGroupLimit(...group, contracts));
  return ok({});
}

function remove(call: RestCall) {
  accepted(call.exchange.deleteOrderGroup(...groupOf(call)));
  return ok({});
}

/** Writes mean subaccount 0 and shard 0 unless they name others; a group elsewhere is then not found. */
function groupOf(call: RestCall): [account: UserId, groupId: string] {
  const account = queryAccount(call, 'UpdateOrderGroup');
  const groupId = call.param('order_group_id');
  const shard = queryOf(call, 'UpdateOrderGroup').integer('exchange_index', -1, 1_000) ?? 0;
  const group = accepted(call.exchange.orderGroup(account, groupId));
  if (group.exchangeIndex !== Math.max(0, shard)) throw ApiError.nested(404, 'not_found');
  return [account, groupId];
}

/** Whole contracts or a decimal string, one of the two. */
function readLimit({ contracts_limit, contracts_limit_fp }: z.infer<typeof limitBody>): Count {
  const whole = contracts_limit ?? null;
  const text = contracts_limit_fp ?? null;
  if ((whole === null) === (text === null)) {
    throw invalid('give exactly one of contracts_limit and contracts_limit_fp');
  }
  if (text !== null) return readCount(text, 'contracts_limit_fp');
  if (whole! < 1 || whole! > 1_000_000) throw invalid('contracts_limit: expected 1 to 1000000');
  return readCount(String(whole), 'contracts_limit');
}

function groupJson(group: ExchangeOrderGroup) {
  return {
    contracts_limit_fp: Count.format(group.limit),
    is_auto_cancel_enabled: true,
    exchange_index: group.exchangeIndex,
  };
}
