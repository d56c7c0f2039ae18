import { parseDecimal, Timestamp, WireError } from '@kalshi-mm/core';
import type { SpotFormat } from './spot-format.ts';

/** Coinbase Exchange, public: the `ticker` channel, which tells every match. `match` frames are read as well. */
export const coinbase: SpotFormat = {
  name: 'coinbase',
  defaultUrl: 'wss://ws-feed.exchange.coinbase.com',
  subscribe: (symbols) => [{ type: 'subscribe', product_ids: symbols, channels: ['ticker'] }],
  decode(frame) {
    if (typeof frame !== 'object' || frame === null) throw new WireError('frame', 'an object', frame);
    const { type, product_id, price, time } = frame as Readonly<Record<string, unknown>>;
    if (type === 'error') {
      throw new WireError('type', 'anything but an error', (frame as { message?: unknown }).message);
    }
    if (type !== 'ticker' && type !== 'match' && type !== 'last_match') return null;
    if (typeof product_id !== 'string' || product_id === '') {
      throw new WireError('product_id', 'a name', product_id);
    }
    return {
      symbol: product_id,
      micros: microsOf(price, 'price'),
      exchangeMs: time === undefined ? Number.NaN : Timestamp.parseIso(time, 'time'),
    };
  },
};

/** Reads dollars; digits behind the sixth are cut. */
function microsOf(value: unknown, path: string): number {
  const [text] = typeof value === 'string' ? (/^\d+(\.\d{1,6})?/.exec(value) ?? [value]) : [value];
  const micros = parseDecimal(text, 6, path);
  if (!(micros > 0)) throw new WireError(path, 'a price above zero', value);
  return micros;
}
