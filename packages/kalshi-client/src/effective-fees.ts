import type { FeeSchedule, Timestamp } from '@kalshi-mm/core';
import type { EventFeeChangesPage } from './endpoints/events.ts';
import type { SeriesFeeChange } from './endpoints/series.ts';
import type { WireEvent } from './wire-event.ts';
import type { WireSeries } from './wire-series.ts';

/** Changes that are known to come, from `getSeriesFeeChanges` and `getEventFeeChanges`. */
export interface ComingFees {
  readonly series?: readonly SeriesFeeChange[];
  readonly event?: EventFeeChangesPage['event_fee_changes'];
}

/**
 * What a market of the event charges at `atMs`: the event's override where there is one, else the series; each as the
 * latest change that is due by then leaves it. An override without a type or multiplier falls back for that part.
 */
export function effectiveFees(
  series: Pick<WireSeries, 'ticker' | 'fee_type' | 'fee_multiplier'>,
  event: Pick<WireEvent, 'event_ticker' | 'fee_type_override' | 'fee_multiplier_override'>,
  coming: ComingFees = {},
  atMs: Timestamp | null = null,
): FeeSchedule {
  const base = latest(coming.series, (change) => change.series_ticker === series.ticker, atMs) ?? series;
  const override =
    latest(coming.event, (change) => change.event_ticker === event.event_ticker, atMs) ?? event;
  return {
    type: override.fee_type_override ?? base.fee_type,
    multiplierMicros: override.fee_multiplier_override ?? base.fee_multiplier,
  };
}

/** The last change that is due; none without a time. */
function latest<Change extends { readonly scheduled_ts: Timestamp }>(
  changes: readonly Change[] | undefined,
  concerns: (change: Change) => boolean,
  atMs: Timestamp | null,
): Change | null {
  if (atMs === null) return null;
  let last: Change | null = null;
  for (const change of changes ?? []) {
    if (!concerns(change) || change.scheduled_ts > atMs) continue;
    if (last === null || change.scheduled_ts >= last.scheduled_ts) last = change;
  }
  return last;
}
