import type { Timestamp } from '@kalshi-mm/core';
import { getAccountLimits, getEndpointCosts } from './endpoints/account.ts';
import { getExchangeStatus, getUserDataTimestamp } from './endpoints/exchange.ts';
import type { RestReader } from './rest-reader.ts';
import { type AccountLimits, type EndpointCosts, toAccountLimits, toEndpointCosts } from './wire-account.ts';
import { type ExchangeStatus, toExchangeStatus } from './wire-exchange.ts';

/** The exchange itself, and what it allows this account. */
export interface ExchangeReads {
  exchangeStatus(): Promise<ExchangeStatus>;
  /** Reads of the account reflect at least this moment, by the exchange's clock. */
  userDataTimestamp(): Promise<Timestamp>;
  accountLimits(): Promise<AccountLimits>;
  endpointCosts(): Promise<EndpointCosts>;
}

export function createExchangeReads(http: RestReader): ExchangeReads {
  return {
    exchangeStatus: async () => toExchangeStatus(await getExchangeStatus(http)),
    userDataTimestamp: () => getUserDataTimestamp(http),
    accountLimits: async () => toAccountLimits(await getAccountLimits(http)),
    endpointCosts: async () => toEndpointCosts(await getEndpointCosts(http)),
  };
}
