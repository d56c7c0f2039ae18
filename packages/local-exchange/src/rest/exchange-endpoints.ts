import { nextMaintenance } from '@kalshi-mm/simulator';
import { isoTime } from '../wire/iso-time.ts';
import { type Endpoint, laggingRead, ok, type RestCall, read } from './endpoint.ts';

/** State of the exchange as a whole. */
export const exchangeEndpoints: readonly Endpoint[] = [
  read('/exchange/status', 'public', status),
  read('/exchange/schedule', 'public', schedule),
  laggingRead('/exchange/user_data_timestamp', 'public', ({ exchange }) =>
    ok({ as_of_time: isoTime(exchange.nowMs) }),
  ),
];

/** The flags on top describe shard 0. */
function status({ exchange, weeklyMaintenance }: RestCall) {
  const shards = exchange.shards().map(({ exchangeIndex, tradingActive, exchangeActive }) => ({
    exchange_index: exchangeIndex,
    description: `shard ${exchangeIndex}`,
    exchange_active: exchangeActive,
    trading_active: tradingActive,
    intra_exchange_transfers_active: exchangeActive,
  }));
  const first = shards[0];
  const { startMs, endMs } = nextMaintenance(exchange.nowMs);
  const isMaintained = weeklyMaintenance && startMs <= exchange.nowMs;
  return ok({
    exchange_active: first?.exchange_active ?? true,
    trading_active: first?.trading_active ?? true,
    intra_exchange_transfers_active: first?.intra_exchange_transfers_active ?? true,
    exchange_estimated_resume_time: isMaintained ? isoTime(endMs) : null,
    exchange_index_statuses: shards,
  });
}

/** Hours in New York. */
function schedule({ exchange, weeklyMaintenance }: RestCall) {
  const { startMs, endMs } = nextMaintenance(exchange.nowMs);
  const windows = [{ start_datetime: isoTime(startMs), end_datetime: isoTime(endMs) }];
  return ok({
    schedule: {
      standard_hours: [weeklyMaintenance ? { ...ALWAYS, thursday: AROUND_MAINTENANCE } : ALWAYS],
      maintenance_windows: weeklyMaintenance ? windows : [],
    },
  });
}

const DAY = [{ open_time: '00:00', close_time: '24:00' }];
const AROUND_MAINTENANCE = [
  { open_time: '00:00', close_time: '03:00' },
  { open_time: '05:00', close_time: '24:00' },
];
const ALWAYS = {
  start_time: '2026-01-01T00:00:00Z',
  end_time: '2099-01-01T00:00:00Z',
  monday: DAY,
  tuesday: DAY,
  wednesday: DAY,
  thursday: DAY,
  friday: DAY,
  saturday: DAY,
  sunday: DAY,
};
