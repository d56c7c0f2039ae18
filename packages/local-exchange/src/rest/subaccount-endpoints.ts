import { Money } from '@kalshi-mm/core';
import { type ShardTransfer, Subaccount } from '@kalshi-mm/simulator';
import { z } from 'zod';
import { unixSeconds } from '../wire/iso-time.ts';
import { accountOf } from './accounts.ts';
import { ApiError } from './api-error.ts';
import { decodeBody } from './decode-body.ts';
import { DEFAULT_COST, type Endpoint, ok, type RestCall, type RestReply, read } from './endpoint.ts';
import { accepted, invalid } from './order-body.ts';
import { pageOf } from './page.ts';
import { dollars, poolShard } from './portfolio-endpoints.ts';
import { queryOf } from './query.ts';

const write = { access: 'signed', bucket: 'write', cost: DEFAULT_COST, takesBody: true } as const;
const ROOT = '/portfolio/subaccounts';

/** Subaccounts, their cash, and what moves between them. */
export const subaccountEndpoints: readonly Endpoint[] = [
  { ...write, method: 'POST', path: ROOT, scope: 'write', handle: create },
  { ...read(`${ROOT}/balances`, 'signed', balances), scope: 'read::portfolio_balance' },
  { ...write, method: 'POST', path: `${ROOT}/transfer`, scope: 'write::transfer', handle: transfer },
  read(`${ROOT}/transfers`, 'signed', transfers),
  read(`${ROOT}/netting`, 'signed', netting),
  { ...write, method: 'PUT', path: `${ROOT}/netting`, scope: 'write', handle: setNetting },
];

const createBody = z.object({ exchange_index: z.int().nullish() });
const transferBody = z.object({
  client_transfer_id: z.string(),
  from_subaccount: z.int(),
  to_subaccount: z.int(),
  amount_cents: z.int(),
  exchange_index: z.int().nullish(),
});
const nettingBody = z.object({ subaccount_number: z.int(), enabled: z.boolean() });

function create(call: RestCall): RestReply {
  const { exchange_index } = decodeBody(createBody, call.body, 'CreateSubaccountRequest');
  if (!call.tiers.isAtLeast(call.userId, 'advanced')) {
    throw ApiError.nested(403, 'permission_denied', 'subaccounts need the Advanced level');
  }
  const number = accepted(call.exchange.createSubaccount(call.userId, exchange_index ?? 0));
  return { status: 201, body: { subaccount_number: number } };
}

function balances({ exchange, userId }: RestCall) {
  const rows = exchange.accountsOf(userId).flatMap((account) =>
    exchange.shardBalances(account).map(({ exchangeIndex, cash }) => ({
      subaccount_number: Subaccount.numberOf(account),
      exchange_index: exchangeIndex ?? poolShard(exchange),
      balance: dollars(cash),
      updated_ts: unixSeconds(exchange.nowMs),
    })),
  );
  return ok({ subaccount_balances: rows });
}

function transfer(call: RestCall) {
  const body = decodeBody(transferBody, call.body, 'ApplySubaccountTransferRequest');
  if (body.client_transfer_id === '') throw invalid('client_transfer_id is required');
  if (body.amount_cents <= 0 || body.amount_cents > 1e10) {
    throw invalid('amount_cents: expected more than zero');
  }
  const shard = body.exchange_index ?? 0;
  accepted(
    call.exchange.transferCash(call.userId, shard, shard, Money.of(body.amount_cents * Money.CENT), {
      fromSubaccount: body.from_subaccount,
      toSubaccount: body.to_subaccount,
      clientTransferId: body.client_transfer_id,
    }),
  );
  return ok({});
}

function transfers(call: RestCall) {
  const query = queryOf(call, 'GetSubaccountTransfers');
  const newestFirst = call.exchange.transfers(call.userId).filter(isWithinShard).reverse();
  const page = pageOf(query, newestFirst, (row) => row.transferId, { most: 500 });
  const rows = page.items.map((row) => ({
    transfer_id: row.transferId,
    from_subaccount: row.fromSubaccount,
    to_subaccount: row.toSubaccount,
    amount_cents: Math.trunc(row.amount / Money.CENT),
    created_ts: unixSeconds(row.atMs),
    exchange_index: row.from,
  }));
  return ok({ transfers: rows, cursor: page.cursor });
}

/** A transfer that stays on its shard belongs to the history of the subaccounts, whichever way it was asked for. */
export function isWithinShard({ from, to }: ShardTransfer): boolean {
  return from === to;
}

function netting({ exchange, userId }: RestCall) {
  const rows = exchange.accountsOf(userId).flatMap((account) =>
    exchange.shardBalances(account).map(({ exchangeIndex }) => ({
      subaccount_number: Subaccount.numberOf(account),
      enabled: exchange.netting(account),
      exchange_index: exchangeIndex ?? poolShard(exchange),
    })),
  );
  return ok({ netting_configs: rows });
}

function setNetting(call: RestCall): RestReply {
  const body = decodeBody(nettingBody, call.body, 'UpdateSubaccountNettingRequest');
  accepted(call.exchange.setNetting(accountOf(call, body.subaccount_number), body.enabled));
  return { status: 200, body: null };
}
