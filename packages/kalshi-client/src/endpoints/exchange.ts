import type { Timestamp } from '@kalshi-mm/core';
import type { RestReader } from '../rest-reader.ts';
import { route } from '../route.ts';
import {
  type ExchangeSchedule,
  exchangeStatusAnswer,
  scheduleAnswer,
  userDataTimestampAnswer,
  type WireExchangeStatus,
} from '../wire-exchange.ts';

/** Whether the exchange and its shards run and trade. The top-level flags are those of shard 0. */
export function getExchangeStatus(http: RestReader): Promise<WireExchangeStatus> {
  return http.get(route`/exchange/status`, exchangeStatusAnswer);
}

/** Trading hours, in New York time, and announced maintenance. */
export async function getExchangeSchedule(http: RestReader): Promise<ExchangeSchedule> {
  return (await http.get(route`/exchange/schedule`, scheduleAnswer)).schedule;
}

/** Reads of the account reflect at least this moment, by the exchange's clock. */
export async function getUserDataTimestamp(http: RestReader): Promise<Timestamp> {
  return (await http.get(route`/exchange/user_data_timestamp`, userDataTimestampAnswer)).as_of_time;
}
