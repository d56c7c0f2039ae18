import { Money } from '@kalshi-mm/core';
import type { ShardTransfer } from '@kalshi-mm/simulator';
import { z } from 'zod';
import { unixSeconds } from '../wire/iso-time.ts';
import { ApiError } from './api-error.ts';
import { decodeBody } from './decode-body.ts';
import { DEFAULT_COST, type Endpoint, ok, type RestCall, read } from './endpoint.ts';
import { accepted, invalid } from './order-body.ts';
import { pageOf } from './page.ts';
import { dollars, poolShard } from './portfolio-endpoints.ts';
import { queryOf } from './query.ts';

const ROOT = '/portfolio/intra_exchange_instance_transfer';

/** Where the money is, and how it moves between shards. */
export const transferEndpoints: readonly Endpoint[] = [
  {
    method: 'POST',
    path: ROOT,
    access: 'signed',
    bucket: 'write',
    cost: DEFAULT_COST,
    takesBody: true,
    handle: transfer,
  },
  read(`${ROOT}s`, 'signed', list),
  read(`${ROOT}s/:transfer_id`, 'signed', one),
  read('/portfolio/subaccounts/balances', 'signed', subaccounts),
  read('/portfolio/subaccounts/transfers', 'signed', () => ok({ transfers: [], cursor: '' })),
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

/** Amounts are in $0.0001. */
const UNIT = 100;

function transfer(call: RestCall) {
  const wanted = decodeBody(body, call.body, 'IntraExchangeInstanceTransferRequest');
  if (wanted.source !== 'event_contract' || wanted.destination !== 'event_contract') {
    throw invalid('source and destination: the local exchange has event_contract only');
  }
  if (wanted.source_subaccount || wanted.destination_subaccount) {
    throw invalid('subaccounts: the local exchange has subaccount 0 only');
  }
  if (wanted.amount <= 0 || wanted.amount > 1e12) throw invalid('amount: expected more than zero');
  const done = call.exchange.transferCash(
    call.userId,
    wanted.source_exchange_shard ?? 0,
    wanted.destination_exchange_shard ?? 0,
    Money.of(wanted.amount * UNIT),
  );
  return ok({ transfer_id: accepted(done).transferId });
}

function list(call: RestCall) {
  const newestFirst = call.exchange.transfers(call.userId).toReversed();
  const query = queryOf(call, 'GetIntraExchangeInstanceTransfers');
  const page = pageOf(query, newestFirst, (row) => row.transferId, { most: 500 });
  return ok({ transfers: page.items.map(transferJson), cursor: page.cursor });
}

function one(call: RestCall) {
  const id = call.param('transfer_id');
  const found = call.exchange.transfers(call.userId).find((row) => row.transferId === id);
  if (found === undefined) throw ApiError.nested(404, 'not_found');
  return ok({ transfer: transferJson(found) });
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

function subaccounts({ exchange, userId }: RestCall) {
  const rows = exchange.shardBalances(userId).map(({ exchangeIndex, cash }) => ({
    subaccount_number: 0,
    exchange_index: exchangeIndex ?? poolShard(exchange),
    balance: dollars(cash),
    updated_ts: unixSeconds(exchange.nowMs),
  }));
  return ok({ subaccount_balances: rows });
}
