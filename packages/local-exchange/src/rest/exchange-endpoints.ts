import { isoTime } from '../wire/iso-time.ts';
import { type Endpoint, laggingRead, ok, type RestCall, read } from './endpoint.ts';

/** State of the exchange as a whole. */
export const exchangeEndpoints: readonly Endpoint[] = [
  read('/exchange/status', 'public', status),
  read('/exchange/schedule', 'public', () =>
    ok({ schedule: { standard_hours: [HOURS], maintenance_windows: [] } }),
  ),
  laggingRead('/exchange/user_data_timestamp', 'public', ({ exchange }) =>
    ok({ as_of_time: isoTime(exchange.nowMs) }),
  ),
];

function status({ exchange }: RestCall) {
  const flags = {
    exchange_active: true,
    trading_active: exchange.tradingActive,
    intra_exchange_transfers_active: true,
  };
  const shards = [...new Set(exchange.markets().map((market) => market.exchangeIndex)).add(0)].sort(
    (a, b) => a - b,
  );
  return ok({
    ...flags,
    exchange_estimated_resume_time: null,
    exchange_index_statuses: shards.map((exchange_index) => ({
      exchange_index,
      description: `shard ${exchange_index}`,
      ...flags,
    })),
  });
}

/** Always open: the weekly pause of the exchange is not simulated. */
const DAY = [{ open_time: '00:00', close_time: '24:00' }];
const HOURS = {
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
