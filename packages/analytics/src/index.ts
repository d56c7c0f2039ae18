export type {
  ExchangeFigures,
  ExchangeFillFigures,
  ExchangePositionFigures,
  RecordedFill,
  RecordedPosition,
} from './account-picture.ts';
export { type Analytics, type AnalyticsOptions, openAnalytics } from './analytics.ts';
export type {
  Database,
  MarketSnapshotsTable,
  OrderFillsTable,
  OrderStatus,
  OrdersTable,
  PositionHistoryTable,
  SettlementsTable,
  StrategyRunsTable,
  TradesTable,
  VolatilityEventsTable,
  VolatilitySessionsTable,
} from './database.ts';
export { migrate } from './migrate.ts';
export type { Difference } from './reconcile.ts';
export type { OpenOrder, Reports, RunTotals } from './reports.ts';
export type { RunEnd, RunMode, RunStart } from './run.ts';
