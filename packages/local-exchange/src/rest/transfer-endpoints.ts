import { Money } from '@kalshi-mm/core';
import type { ShardTransfer, TargetAllocation } from '@kalshi-mm/simulator';
import { z } from 'zod';
import { unixSeconds } from '../wire/iso-time.ts';
import { ApiError } from './api-error.ts';
import { decodeBody } from './decode-body.ts';
import { DEFAULT_COST, type Endpoint, ok, type RestCall, read } from './endpoint.ts';
import { accepted, invalid } from './order-body.ts';
import { pageOf } from './page.ts';
import { dollars } from './portfolio-endpoints.ts';
import { queryOf } from './query.ts';
import { isWithinShard } from './subaccount-endpoints.ts';

const write = { access: 'signed', bucket: 'write', cost: DEFAULT_COST, takesBody: true } as const;
const ROOT = '/portfolio/intra_exchange_instance_transfer';
const TARGET = '/portfolio/target_balance_allocation';

/** How money moves between shards, by hand and by itself, and where it comes from. */
export const transferEndpoints: readonly Endpoint[] = [
  { ...write, method: 'POST', path: ROOT, scope: 'write::transfer', handle: transfer },
  read(`${ROOT}s`, 'signed', list),
  read(`${ROOT}s/:transfer_id`, 'signed', one),
  read(TARGET, 'signed', ({ exchange, userId }) => ok(targetJson(exchange.targetAllocation(userId)))),
  { ...write, method: 'POST', path: TARGET, scope: 'write::transfer', handle: setTarget },
  read('/portfolio/deposits', 'signed', () => ok({ deposits: [], cursor: '' })),
  read('/portfolio/withdrawals', 'signed', () => ok({ withdrawals: [], cursor: '' })),
  read('/portfolio/summary/total_resting_order_value', 'signed', () => {
    // Only members of a clearing firm may ask.
    throw ApiError.nested(403, 'permission_denied');
  }),
];

const body = z.object({
  source: z.string(),
  destination: z.string(),
  amount: z.int(),
  source_exchange_shard: z.int().nullish(),
  destination_exchange_shard: z.int().nullish(),
  source_subaccount: z.int().nullish(),
  destination_subaccount: z.int().nullish(),
});

const targetBody = z.object({
  allocations: z.array(z.object({ exchange_index: z.int(), percent: z.number() })),
  resting_margin_reservation: z.string().nullish(),
});

/** Amounts are in $0.0001. */
const UNIT = 100;

function transfer(call: RestCall) {
  const wanted = decodeBody(body, call.body, 'IntraExchangeInstanceTransferRequest');
  if (wanted.source !== 'event_contract' || wanted.destination !== 'event_contract') {
    throw invalid('source and destination: the local exchange has event_contract only');
  }
  if (wanted.amount <= 0 || wanted.amount > 1e12) throw invalid('amount: expected more than zero');
  const done = call.exchange.transferCash(
    call.userId,
    wanted.source_exchange_shard ?? 0,
    wanted.destination_exchange_shard ?? 0,
    Money.of(wanted.amount * UNIT),
    {
      fromSubaccount: wanted.source_subaccount ?? 0,
      toSubaccount: wanted.destination_subaccount ?? 0,
    },
  );
  return ok({ transfer_id: accepted(done).transferId });
}

function list(call: RestCall) {
  const newestFirst = betweenShards(call).reverse();
  const query = queryOf(call, 'GetIntraExchangeInstanceTransfers');
  const page = pageOf(query, newestFirst, (row) => row.transferId, { most: 500 });
  return ok({ transfers: page.items.map(transferJson), cursor: page.cursor });
}

function one(call: RestCall) {
  const id = call.param('transfer_id');
  const found = betweenShards(call).find((row) => row.transferId === id);
  if (found === undefined) throw ApiError.nested(404, 'not_found');
  return ok({ transfer: transferJson(found) });
}

function betweenShards({ exchange, userId }: RestCall): ShardTransfer[] {
  return exchange.transfers(userId).filter((row) => !isWithinShard(row));
}

function transferJson({ transferId, from, to, amount, atMs }: ShardTransfer) {
  return {
    transfer_id: transferId,
    source: 'event_contract',
    destination: 'event_contract',
    source_exchange_shard: from,
    destination_exchange_shard: to,
    amount: dollars(amount),
    status: 'complete',
    created_ts: unixSeconds(atMs),
  };
}

function setTarget(call: RestCall) {
  const wanted = decodeBody(targetBody, call.body, 'SetTargetBalanceAllocationRequest');
  const reservation = wanted.resting_margin_reservation || 'sum';
  if (reservation !== 'sum' && reservation !== 'max' && reservation !== 'none') {
    throw invalid('resting_margin_reservation: expected sum, max or none');
  }
  const allocations = wanted.allocations.map(({ exchange_index, percent }) => ({
    exchangeIndex: exchange_index,
    percent,
  }));
  accepted(call.exchange.setTargetAllocation(call.userId, { allocations, reservation }));
  return ok({});
}

function targetJson({ allocations, reservation }: TargetAllocation) {
  return {
    allocations: allocations.map(({ exchangeIndex, percent }) => ({
      exchange_index: exchangeIndex,
      percent,
    })),
    resting_margin_reservation: reservation,
  };
}
