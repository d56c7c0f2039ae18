import { MmError } from '@kalshi-mm/core';

/**
 * The address that requests go below, e.g. `https://external-api.kalshi.com/trade-api/v2`.
 *
 * @throws MmError `rest-url`
 */
export function parseRestUrl(restUrl: string): URL {
  const url = URL.canParse(restUrl) ? new URL(restUrl) : null;
  if (url !== null && /\/trade-api\/v\d+\/?$/.test(url.pathname)) return url;
  throw new MmError('rest-url', `Not the REST address of an exchange: ${restUrl}`, {
    todo: 'Use e.g. https://external-api.demo.kalshi.co/trade-api/v2, with the path.',
  });
}
