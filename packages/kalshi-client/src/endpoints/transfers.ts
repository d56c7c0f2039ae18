import * as z from 'zod';
import { encode, page, request, toCentiCents, toShard, toSubaccount } from '../request-fields.ts';
import type { RestReader } from '../rest-reader.ts';
import type { RestWriter } from '../rest-writer.ts';
import { route } from '../route.ts';
import { anyTime, cursor, id, money, optional, whole, wire, word } from '../wire-fields.ts';

const instance = z.enum(['event_contract', 'margined']);

const transferBody = request({
  source: instance,
  destination: instance,
  /** To $0.0001. */
  amount: toCentiCents,
  source_exchange_shard: toShard.optional(),
  destination_exchange_shard: toShard.optional(),
  source_subaccount: toSubaccount.optional(),
  destination_subaccount: toSubaccount.optional(),
});

export type ShardTransferBody = z.input<typeof transferBody>;

const startedAnswer = wire({ transfer_id: id });

/**
 * Moves cash between shards, or between subaccounts when both shards are the same, and tells the transfer's id. It
 * has no name of ours: when its outcome is unknown, look at the list before sending it again.
 */
export async function transferBetweenShards(http: RestWriter, transfer: ShardTransferBody): Promise<string> {
  const body = encode(transferBody, transfer, 'POST /portfolio/intra_exchange_instance_transfer');
  const answer = await http.send(
    { method: 'POST', route: route`/portfolio/intra_exchange_instance_transfer`, body, priority: 'read' },
    startedAnswer,
  );
  return answer.transfer_id;
}

const wireTransfer = wire({
  transfer_id: id,
  source: word('event_contract', 'margined'),
  destination: word('event_contract', 'margined'),
  source_exchange_shard: whole,
  destination_exchange_shard: whole,
  amount: money,
  status: word('pending', 'complete'),
  created_ts: anyTime,
});

export type ShardTransfer = z.output<typeof wireTransfer>;

const transferAnswer = wire({ transfer: wireTransfer });

export async function getShardTransfer(http: RestReader, transferId: string): Promise<ShardTransfer> {
  const at = route`/portfolio/intra_exchange_instance_transfers/${transferId}`;
  return (await http.get(at, transferAnswer)).transfer;
}

const listQuery = request(page);

export type GetShardTransfers = z.input<typeof listQuery>;

const transfersPage = wire({ transfers: z.array(wireTransfer), cursor });

export type ShardTransfersPage = z.output<typeof transfersPage>;

export function getShardTransfers(
  http: RestReader,
  query: GetShardTransfers = {},
): Promise<ShardTransfersPage> {
  const filters = encode(listQuery, query, 'GET /portfolio/intra_exchange_instance_transfers');
  return http.get(route`/portfolio/intra_exchange_instance_transfers`, transfersPage, filters);
}

const allocationAnswer = wire({
  allocations: z.array(wire({ exchange_index: whole, percent: z.number() })),
  resting_margin_reservation: optional(word('sum', 'max', 'none')),
});

export type TargetAllocation = z.output<typeof allocationAnswer>;

/** How the exchange spreads cash over the shards, some ten seconds apart; empty when it does not. */
export function getTargetAllocation(http: RestReader): Promise<TargetAllocation> {
  return http.get(route`/portfolio/target_balance_allocation`, allocationAnswer);
}

const allocationBody = request({
  /** Percentages that make 100 in all; none at all switches it off. */
  allocations: z
    .array(request({ exchange_index: toShard, percent: z.number().min(0).max(100) }))
    .refine(
      (parts) => parts.length === 0 || parts.reduce((sum, part) => sum + part.percent, 0) === 100,
      'percentages that make 100',
    ),
  resting_margin_reservation: z.enum(['sum', 'max', 'none']).optional(),
});

export type SetTargetAllocation = z.input<typeof allocationBody>;

export async function setTargetAllocation(http: RestWriter, target: SetTargetAllocation): Promise<void> {
  const body = encode(allocationBody, target, 'POST /portfolio/target_balance_allocation');
  await http.send(
    { method: 'POST', route: route`/portfolio/target_balance_allocation`, body, priority: 'read' },
    z.unknown(),
  );
}
