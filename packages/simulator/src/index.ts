export {
  createExchange,
  type ExchangeOptions,
  type ListingOptions,
  type SimulatedExchange,
} from './create-exchange.ts';
export type * from './exchange-api.ts';
export type { OutputListener } from './exchange-state.ts';
