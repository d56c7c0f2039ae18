import { Timestamp } from '@kalshi-mm/core';
import { ApiError } from './api-error.ts';
import type { RestCall } from './endpoint.ts';

/** Reads the query of one operation, refusing what the exchange's validator refuses. */
export interface QueryReader {
  /** Null when absent or empty. */
  text(name: string): string | null;
  /** Comma list; null when absent. */
  list(name: string, most?: number): readonly string[] | null;
  /** Comma list of known words; null when absent. */
  listOf<Choice extends string>(name: string, choices: readonly Choice[]): readonly Choice[] | null;
  integer(name: string, least: number, most: number): number | null;
  flag(name: string): boolean;
  /** Unix seconds, as milliseconds. */
  seconds(name: string): Timestamp | null;
  oneOf<Choice extends string>(name: string, choices: readonly Choice[]): Choice | null;
}

/** @param operation the name that the error text carries, e.g. `GetMarkets` */
export function queryOf(call: RestCall, operation: string): QueryReader {
  const text = (name: string): string | null => call.query.get(name) || null;
  const fail = (name: string, tag: string): never => {
    throw ApiError.parameter(operation, pascal(name), tag);
  };
  const integer = (name: string, least: number, most: number): number | null => {
    const value = text(name);
    if (value === null) return null;
    if (!/^-?\d{1,15}$/.test(value)) return fail(name, 'number');
    const number = Number(value);
    if (number < least) return fail(name, 'gte');
    return number > most ? fail(name, 'lte') : number;
  };
  const list = (name: string, most = Number.POSITIVE_INFINITY): readonly string[] | null => {
    const items = text(name)?.split(',').filter(Boolean) ?? null;
    return items !== null && items.length > most ? fail(name, 'max') : items;
  };
  return {
    text,
    integer,
    list,
    listOf: (name, choices) =>
      list(name)?.map((word) => choices.find((choice) => choice === word) ?? fail(name, 'oneof')) ?? null,
    flag: (name) => text(name) === 'true',
    seconds(name) {
      const value = integer(name, 0, 99_999_999_999);
      return value === null ? null : Timestamp.of(value * 1_000);
    },
    oneOf(name, choices) {
      const value = text(name);
      return value === null ? null : (choices.find((choice) => choice === value) ?? fail(name, 'oneof'));
    },
  };
}

function pascal(name: string): string {
  return name.replace(/(^|_)([a-z])/g, (_, __, letter: string) => letter.toUpperCase());
}
