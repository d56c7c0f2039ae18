import { createExchangeReads, type ExchangeReads } from './exchange-reads.ts';
import { createMarketReads, type MarketReads } from './market-reads.ts';
import { createPortfolioReads, type PortfolioReads } from './portfolio-reads.ts';
import { createRestReader, type RestReader, type RestReaderOptions } from './rest-reader.ts';

/** Every read of the exchange that the toolkit uses; orders are sent by the execution port. */
export interface KalshiClient extends ExchangeReads, MarketReads, PortfolioReads {}

/**
 * The exchange's REST reads as plain functions: signed, metered, retried with jitter, checked. A thin layer over the
 * endpoint functions, with the toolkit's own names.
 *
 * @throws MmError `rest-url`
 */
export function createKalshiClient(options: RestReaderOptions): KalshiClient {
  return readsOf(createRestReader(options));
}

/** The same over a connection that exists. */
export function readsOf(http: RestReader): KalshiClient {
  return { ...createExchangeReads(http), ...createMarketReads(http), ...createPortfolioReads(http) };
}
