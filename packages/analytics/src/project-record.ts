import type { AuditRecord } from '@kalshi-mm/core';
import { projectFilled, projectSettled } from './project-ledger.ts';
import {
  projectAccepted,
  projectAmended,
  projectEnded,
  projectPlaced,
  projectRejected,
  projectReported,
  projectUnconfirmed,
} from './project-orders.ts';
import {
  projectSessionEnded,
  projectSessionStarted,
  projectVolatilityDetected,
  projectVolatilityEnded,
} from './project-sessions.ts';
import { projectSnapshot } from './project-snapshot.ts';
import type { Projection } from './projection.ts';

/** Writes everything that one audit record says, in the order in which it happened. */
export function projectRecord(p: Projection): void {
  const { record } = p;
  projectEvent(p, record.event, 0);
  record.derived.forEach((event, index) => {
    projectEvent(p, event, index + 1);
  });
  for (const decision of record.decisions) projectSnapshot(p, decision);
  for (const command of record.commands) if (command.type === 'order.place') projectPlaced(p, command);
}

/** Rows that a record writes, about; never less in the ordinary course. */
export function rowsOf(record: AuditRecord): number {
  const { event } = record;
  const own = event.type === 'orders.reported' ? 2 + 2 * event.orders.length : 4;
  return own + 2 * record.derived.length + record.decisions.length + record.commands.length;
}

function projectEvent(p: Projection, event: AuditRecord['event'], index: number): void {
  if (event.type === 'order.accepted') projectAccepted(p, event);
  else if (event.type === 'order.rejected') projectRejected(p, event);
  else if (event.type === 'order.unconfirmed') projectUnconfirmed(p, event);
  else if (event.type === 'order.filled') projectFilled(p, event);
  else if (event.type === 'order.amended') projectAmended(p, event);
  else if (event.type === 'order.canceled' || event.type === 'order.expired') projectEnded(p, event);
  else if (event.type === 'orders.reported') projectReported(p, event);
  else if (event.type === 'market.settled') projectSettled(p, event);
  else if (event.type === 'volatility.detected') projectVolatilityDetected(p, event, index);
  else if (event.type === 'volatility.ended') projectVolatilityEnded(p, event);
  else if (event.type === 'session.started') projectSessionStarted(p, event);
  else if (event.type === 'session.ended') projectSessionEnded(p, event);
}
