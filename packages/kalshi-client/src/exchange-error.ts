import { MmError } from '@kalshi-mm/core';
import { adviceFor, type ExchangeReason, exchangeReason } from './exchange-reason.ts';

/** A refusal as the exchange words it; compare `code` and `details`, never `message`. */
export interface ExchangeError {
  readonly status: number;
  /** Lower case; empty when the body names none. */
  readonly code: string;
  readonly message: string;
  readonly details: string;
}

/**
 * Reads an error body in any of the forms seen: nested, flat, `{msg}`, `{error: "text"}`, empty, or HTML from the
 * edge. Never throws.
 *
 * @param body text of the body, or its JSON value
 */
export function parseExchangeError(status: number, body: unknown): ExchangeError {
  const value = typeof body === 'string' ? fromText(body) : body;
  if (typeof value !== 'object' || value === null) {
    return make(status, '', typeof value === 'string' ? value : '', '');
  }
  const outer = value as Record<string, unknown>;
  const nested = outer.error;
  if (typeof nested === 'string') {
    return make(status, nested.trim().toLowerCase().replaceAll(' ', '_'), nested, text(outer.details));
  }
  const source = typeof nested === 'object' && nested !== null ? (nested as Record<string, unknown>) : outer;
  const message = text(source.message) || text(source.msg);
  const code = text(source.code) || (source.msg === undefined ? '' : 'invalid_parameters');
  return make(status, code, message, text(source.details));
}

/** The exchange answered with an error. Nothing was done, except perhaps after a 5xx to a write. */
export class ExchangeRequestError extends MmError {
  override readonly name = 'ExchangeRequestError';
  readonly exchange: ExchangeError;
  /** Why, from a closed list; switch over it. */
  readonly reason: ExchangeReason;

  constructor(request: string, exchange: ExchangeError) {
    const { status, code, details } = exchange;
    const what =
      [code, details].filter((part) => part !== '').join(', ') || exchange.message || 'no reason given';
    const reason = exchangeReason(exchange);
    const { todo, recovery } = adviceFor(reason);
    super('exchange-refused', `${request} was refused with HTTP ${status}: ${what}`, {
      facts: { status, code, details },
      recovery,
      todo,
    });
    this.exchange = exchange;
    this.reason = reason;
  }
}

function make(status: number, code: string, message: string, details: string): ExchangeError {
  return { status, code: code.toLowerCase(), message: shorten(message), details: shorten(details) };
}

function fromText(body: string): unknown {
  const trimmed = body.trim();
  if (!trimmed.startsWith('{')) return trimmed.startsWith('<') ? '(an HTML page)' : trimmed;
  try {
    return JSON.parse(trimmed);
  } catch {
    return trimmed;
  }
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function shorten(value: string): string {
  return value.length > 300 ? `${value.slice(0, 297)}...` : value;
}
