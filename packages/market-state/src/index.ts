export { MarketState } from './market-state.ts';
export { MarketStates } from './market-states.ts';
export { OrderBook } from './order-book.ts';
export { TradeRing } from './trade-ring.ts';
