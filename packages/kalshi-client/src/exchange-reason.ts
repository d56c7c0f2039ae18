import type { Recovery } from '@kalshi-mm/core';
import type { ExchangeError } from './exchange-error.ts';

/** Why the exchange refused something: a closed list, whatever words it uses. */
export type ExchangeReason = keyof typeof ADVICE;

const KEY_PAIR =
  'Check that key id and private key belong together and to this environment (demo or production).';

/** What to do about each. */
const ADVICE = {
  'bad-request': fix('Send prices and counts as strings, as the schemas of this package do.'),
  'invalid-parameters': fix('Correct the query; names of orders take letters, digits, "_" and "-" only.'),
  'insufficient-balance': fix('Move cash to the shard of the market, or order less.'),
  'shard-not-funded': fix('Fund the account on the shard of the market: it has never had cash there.'),
  'invalid-price': fix("Use a price of the market's grid, strictly between 0 and 1."),
  'post-only-cross': fix('Quote again behind the touch: the order would have taken.'),
  'invalid-order': fix('Correct the order: its fields contradict each other.'),
  'legacy-endpoint': fix('Use the V2 order endpoints, which this package does.'),
  'market-inactive': fix('Leave the market alone: after its close not even cancels are taken.'),
  'bad-signature': fix(KEY_PAIR),
  'unknown-key': fix(KEY_PAIR),
  'signature-missing': fix('Send the request through this package: a header is missing.'),
  'clock-skew': fix("Synchronise this machine's clock: the exchange accepts about 5 s."),
  'not-authenticated': fix(KEY_PAIR),
  'permission-denied': fix("Check the key's scopes and the account's region."),
  'not-found': {
    recovery: 'reconcile',
    todo: 'Read fills and orders: it does not rest, but may have been filled.',
  },
  'market-not-found': fix('Check the ticker; an archived market is only in the historical tier.'),
  'duplicate-order': {
    recovery: 'reconcile',
    todo: 'Look for the order of that name; it is taken for ever.',
  },
  'fill-or-kill-unfilled': fix('Order less, or not all or nothing: too little rests at this price.'),
  'immediate-unfilled': fix('Read the book again: nothing rested at this price.'),
  'trading-paused': { recovery: 'retry', todo: 'Wait until trading resumes; cancels still work.' },
  'exchange-paused': { recovery: 'retry', todo: 'Wait until the exchange resumes.' },
  'order-group-triggered': fix('Reset the order group once its fills are understood.'),
  'rate-limited': {
    recovery: 'retry',
    todo: 'Wait, then send less: something else uses the same account, or its limits have changed.',
  },
  unavailable: { recovery: 'retry', todo: "Wait, and look at the exchange's status and maintenance hours." },
  other: fix("Look the code up in the exchange's documentation: it is newer than this version."),
} as const satisfies Record<string, Advice>;

export interface Advice {
  readonly recovery: Recovery;
  readonly todo: string;
}

export function adviceFor(reason: ExchangeReason): Advice {
  return ADVICE[reason];
}

/** Reads why something was refused, from status, code and details; the message is for people. */
export function exchangeReason(error: ExchangeError): ExchangeReason {
  const { status, code, details } = error;
  const known = BY_CODE[code];
  if (known !== undefined) return known;
  const text = `${code} ${details} ${error.message}`.toLowerCase().replaceAll('_', ' ');
  if (code === 'invalid_order') return text.includes('post only') ? 'post-only-cross' : 'invalid-order';
  if (code === 'authentication_error') return AUTHENTICATION[details.toLowerCase()] ?? 'not-authenticated';
  if (text.includes('v2 endpoints')) return 'legacy-endpoint';
  // The code of a triggered order group is not documented; any 4xx that names both is taken for it.
  if (status < 500 && text.includes('order group')) return 'order-group-triggered';
  return BY_STATUS[status] ?? (status >= 500 ? 'unavailable' : 'other');
}

const BY_CODE: Readonly<Record<string, ExchangeReason>> = {
  bad_request: 'bad-request',
  invalid_parameters: 'invalid-parameters',
  insufficient_balance: 'insufficient-balance',
  user_not_found: 'shard-not-funded',
  invalid_price: 'invalid-price',
  market_inactive: 'market-inactive',
  signature_is_missing_from_headers: 'signature-missing',
  header_timestamp_expired: 'clock-skew',
  permission_denied: 'permission-denied',
  not_found: 'not-found',
  market_not_found: 'market-not-found',
  order_already_exists: 'duplicate-order',
  fill_or_kill_insufficient_resting_volume: 'fill-or-kill-unfilled',
  immediate_or_cancel_insufficient_resting_volume: 'immediate-unfilled',
  trading_is_paused: 'trading-paused',
  exchange_is_paused: 'exchange-paused',
  too_many_requests: 'rate-limited',
  service_unavailable: 'unavailable',
};

const AUTHENTICATION: Readonly<Record<string, ExchangeReason>> = {
  incorrect_api_key_signature: 'bad-signature',
  not_found: 'unknown-key',
};

const BY_STATUS: Readonly<Record<number, ExchangeReason>> = {
  400: 'bad-request',
  401: 'not-authenticated',
  403: 'permission-denied',
  404: 'not-found',
  429: 'rate-limited',
};

function fix(todo: string): Advice {
  return { recovery: 'fix', todo };
}
