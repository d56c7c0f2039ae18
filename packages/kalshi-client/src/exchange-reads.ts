import type { Timestamp } from '@kalshi-mm/core';
import type { RestReader } from './rest-reader.ts';
import {
  type AccountLimits,
  accountLimitsAnswer,
  type EndpointCosts,
  endpointCostsAnswer,
} from './wire-account.ts';
import { type ExchangeStatus, exchangeStatusAnswer, userDataTimestampAnswer } from './wire-exchange.ts';

/** The exchange itself, and what it allows this account. */
export interface ExchangeReads {
  exchangeStatus(): Promise<ExchangeStatus>;
  /** Reads of the account reflect at least this moment, by the exchange's clock. */
  userDataTimestamp(): Promise<Timestamp>;
  accountLimits(): Promise<AccountLimits>;
  endpointCosts(): Promise<EndpointCosts>;
}

export function createExchangeReads(rest: RestReader): ExchangeReads {
  return {
    exchangeStatus: () => rest.get('/exchange/status', exchangeStatusAnswer),
    async userDataTimestamp() {
      return (await rest.get('/exchange/user_data_timestamp', userDataTimestampAnswer)).as_of_time;
    },
    accountLimits: () => rest.get('/account/limits', accountLimitsAnswer),
    endpointCosts: () => rest.get('/account/endpoint_costs', endpointCostsAnswer),
  };
}
