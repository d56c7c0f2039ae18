import * as z from 'zod';
import { encode, page, request, toCents, toShard, toSubaccount } from '../request-fields.ts';
import type { RestReader } from '../rest-reader.ts';
import type { RestWriter } from '../rest-writer.ts';
import { route } from '../route.ts';
import { anyTime, cents, cursor, flag, id, money, shard, whole, wire } from '../wire-fields.ts';

const createBody = request({ exchange_index: toShard.optional() });

export type CreateSubaccount = z.input<typeof createBody>;

const createdAnswer = wire({ subaccount_number: whole });

/** Opens the next subaccount and tells its number, 1 to 63. From the Advanced tier on. */
export async function createSubaccount(http: RestWriter, where: CreateSubaccount = {}): Promise<number> {
  const body = encode(createBody, where, 'POST /portfolio/subaccounts');
  const answer = await http.send(
    {
      method: 'POST',
      route: route`/portfolio/subaccounts`,
      body,
      priority: 'read',
      shard: body.exchange_index,
    },
    createdAnswer,
  );
  return answer.subaccount_number;
}

const balancesAnswer = wire({
  subaccount_balances: z.array(
    wire({ subaccount_number: whole, exchange_index: shard, balance: money, updated_ts: anyTime }),
  ),
});

export type SubaccountBalance = z.output<typeof balancesAnswer>['subaccount_balances'][number];

export async function getSubaccountBalances(http: RestReader): Promise<readonly SubaccountBalance[]> {
  return (await http.get(route`/portfolio/subaccounts/balances`, balancesAnswer)).subaccount_balances;
}

const transferBody = request({
  /** Names the transfer: sent again, it happens once. */
  client_transfer_id: z.string().min(1),
  from_subaccount: toSubaccount,
  to_subaccount: toSubaccount,
  amount_cents: toCents,
  exchange_index: toShard.optional(),
});

export type SubaccountTransferBody = z.input<typeof transferBody>;

/** Moves cash between subaccounts of one shard. */
export async function transferBetweenSubaccounts(
  http: RestWriter,
  transfer: SubaccountTransferBody,
): Promise<void> {
  const body = encode(transferBody, transfer, 'POST /portfolio/subaccounts/transfer');
  await http.send(
    {
      method: 'POST',
      route: route`/portfolio/subaccounts/transfer`,
      body,
      priority: 'read',
      shard: body.exchange_index,
    },
    z.unknown(),
  );
}

const listQuery = request(page);

export type GetSubaccountTransfers = z.input<typeof listQuery>;

const transfersPage = wire({
  transfers: z.array(
    wire({
      transfer_id: id,
      from_subaccount: whole,
      to_subaccount: whole,
      amount_cents: cents,
      created_ts: anyTime,
      exchange_index: shard,
    }),
  ),
  cursor,
});

export type SubaccountTransfersPage = z.output<typeof transfersPage>;

export function getSubaccountTransfers(
  http: RestReader,
  query: GetSubaccountTransfers = {},
): Promise<SubaccountTransfersPage> {
  const filters = encode(listQuery, query, 'GET /portfolio/subaccounts/transfers');
  return http.get(route`/portfolio/subaccounts/transfers`, transfersPage, filters);
}

const nettingAnswer = wire({
  netting_configs: z.array(wire({ subaccount_number: whole, enabled: flag, exchange_index: shard })),
});

export type SubaccountNetting = z.output<typeof nettingAnswer>['netting_configs'][number];

/** Whether positions of one exclusive event are netted, by subaccount and shard. */
export async function getSubaccountNetting(http: RestReader): Promise<readonly SubaccountNetting[]> {
  return (await http.get(route`/portfolio/subaccounts/netting`, nettingAnswer)).netting_configs;
}

const nettingBody = request({ subaccount_number: toSubaccount, enabled: z.boolean() });

export type SetSubaccountNetting = z.input<typeof nettingBody>;

/** Takes effect for events in which the subaccount has never ordered. */
export async function setSubaccountNetting(http: RestWriter, netting: SetSubaccountNetting): Promise<void> {
  const body = encode(nettingBody, netting, 'PUT /portfolio/subaccounts/netting');
  await http.send(
    { method: 'PUT', route: route`/portfolio/subaccounts/netting`, body, priority: 'read' },
    z.unknown(),
  );
}
