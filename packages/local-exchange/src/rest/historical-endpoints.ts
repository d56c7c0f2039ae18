import { isoTime } from '../wire/iso-time.ts';
import { ApiError } from './api-error.ts';
import { historicalCandles } from './candle-endpoints.ts';
import { type Endpoint, ok, ownRead, type RestCall, read } from './endpoint.ts';
import { historicalMarket, marketJsonOf, marketsPage, tradesPage } from './market-endpoints.ts';
import { ordersPage } from './order-read-endpoints.ts';
import { fillsPage, positionsPage } from './portfolio-endpoints.ts';

/** What is older than the cut-off; see `historicalAfterMs`. */
export const historicalEndpoints: readonly Endpoint[] = [
  read('/historical/cutoff', 'public', cutoff),
  read('/historical/markets', 'public', (call) => marketsPage(call, 'GetHistoricalMarkets')),
  read('/historical/markets/:ticker', 'public', (call) =>
    ok({ market: marketJsonOf(call, archivedOr404(call)) }),
  ),
  read('/historical/markets/:ticker/candlesticks', 'public', (call) =>
    historicalCandles(call, archivedOr404(call)),
  ),
  read('/historical/trades', 'public', (call) => tradesPage(call, 'GetTradesHistorical')),
  ownRead('/historical/fills', (call) => fillsPage(call, 'GetFillsHistorical')),
  ownRead('/historical/orders', (call) => ordersPage(call, 'GetHistoricalOrders')),
  ownRead('/historical/positions', (call) => positionsPage(call, 'GetHistoricalPositions')),
];

function cutoff({ records }: RestCall) {
  const at = isoTime(records.cutoffMs);
  return ok({
    market_settled_ts: at,
    trades_created_ts: at,
    orders_updated_ts: at,
    market_positions_last_updated_ts: at,
  });
}

function archivedOr404(call: RestCall) {
  const market = historicalMarket(call, call.param('ticker'));
  if (market === null) throw ApiError.nested(404, 'not_found');
  return market;
}
