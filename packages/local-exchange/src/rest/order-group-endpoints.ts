import { Count } from '@kalshi-mm/core';
import type { ExchangeOrderGroup } from '@kalshi-mm/simulator';
import { z } from 'zod';
import { ApiError } from './api-error.ts';
import { decodeBody } from './decode-body.ts';
import { DEFAULT_COST, type Endpoint, ok, type RestCall, read } from './endpoint.ts';
import { accepted, invalid, readCount } from './order-body.ts';
import { queryOf, refuseSubaccounts } from './query.ts';

const write = { access: 'signed', bucket: 'write', cost: DEFAULT_COST } as const;
const ROOT = '/portfolio/order_groups';
const ONE = `${ROOT}/:order_group_id`;

/** Order groups: the exchange's own breaker on fills. */
export const orderGroupEndpoints: readonly Endpoint[] = [
  { ...write, method: 'POST', path: `${ROOT}/create`, takesBody: true, handle: create },
  read(ROOT, 'signed', list),
  read(ONE, 'signed', one),
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

function create({ exchange, userId, body }: RestCall) {
  const request = decodeBody(createBody, body, 'CreateOrderGroupRequest');
  if (request.subaccount) throw invalid('subaccount: the local exchange has subaccount 0 only');
  const shard = request.exchange_index ?? 0;
  const group = accepted(exchange.createOrderGroup(userId, readLimit(request), Math.max(0, shard)));
  return {
    status: 201,
    body: { order_group_id: group.groupId, subaccount: 0, exchange_index: group.exchangeIndex },
  } as const;
}

function list(call: RestCall) {
  refuseSubaccounts(call);
  const groups = call.exchange.orderGroups(call.userId);
  return ok({ order_groups: groups.map((group) => ({ id: group.groupId, ...groupJson(group) })) });
}

function one(call: RestCall) {
  refuseSubaccounts(call);
  const group = accepted(call.exchange.orderGroup(call.userId, call.param('order_group_id')));
  return ok({ ...groupJson(group), orders: group.orders });
}

function reset(call: RestCall) {
  accepted(call.exchange.resetOrderGroup(call.userId, groupIdOf(call)));
  return ok({});
}

function trigger(call: RestCall) {
  accepted(call.exchange.triggerOrderGroup(call.userId, groupIdOf(call)));
  return ok({});
}

function limit(call: RestCall) {
  const groupId = groupIdOf(call);
  const contracts = readLimit(decodeBody(limitBody, call.body, 'UpdateOrderGroupLimitRequest'));
  accepted(call.exchange.setOrderGroupLimit(call.userId, groupId, contracts));
  return ok({});
}

function remove(call: RestCall) {
  accepted(call.exchange.deleteOrderGroup(call.userId, groupIdOf(call)));
  return ok({});
}

/** Writes mean shard 0 unless they name another; a group elsewhere is then not found. */
function groupIdOf(call: RestCall): string {
  refuseSubaccounts(call);
  const groupId = call.param('order_group_id');
  const shard = queryOf(call, 'UpdateOrderGroup').integer('exchange_index', -1, 1_000) ?? 0;
  const group = accepted(call.exchange.orderGroup(call.userId, groupId));
  if (group.exchangeIndex !== Math.max(0, shard)) throw ApiError.nested(404, 'not_found');
  return groupId;
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
