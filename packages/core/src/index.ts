export type { AuditRecord, Decision, MarketDataRef } from './audit.ts';
export type { BookView } from './book-view.ts';
export type { Brand } from './brand.ts';
export type {
  AmendOrder,
  Approved,
  CancelOrder,
  Command,
  DecreaseOrder,
  OrderPurpose,
  PlaceOrder,
  Refusal,
  TimeInForce,
} from './commands.ts';
export { Count } from './count.ts';
export { formatDecimal, parseDecimal } from './decimal.ts';
export { MmError, type MmErrorOptions, type Recovery, WireError } from './errors.ts';
export type * from './events.ts';
export {
  chargeFill,
  FeeRounding,
  FeeSchedule,
  type FillCharge,
  type LiquidityRole,
} from './fees.ts';
export { PriceGrid, type PriceRange } from './grid.ts';
export { Holding } from './holding.ts';
export { ClientOrderId, FillId, OrderId, RunId, Ticker } from './ids.ts';
export type {
  ExitIntent,
  Explanation,
  Gate,
  Intent,
  QuoteIntent,
  QuoteLevel,
  StandDownIntent,
  TakeIntent,
} from './intents.ts';
export {
  MARKET_RESULTS,
  MARKET_STATUSES,
  type Market,
  type MarketActivity,
  type MarketResult,
  type MarketStatus,
} from './market.ts';
export { Money } from './money.ts';
export type { Clock, EventSink, ExecutionPort } from './ports.ts';
export { Position } from './position.ts';
export { Price } from './price.ts';
export { createRandom, type Random } from './random.ts';
export { type Outcome, Side } from './side.ts';
export type {
  Fold,
  MarketView,
  Schema,
  SessionAction,
  SessionContext,
  SessionPolicy,
  SessionView,
  Strategy,
  View,
  Wakes,
} from './strategy.ts';
export { Timestamp } from './timestamp.ts';
