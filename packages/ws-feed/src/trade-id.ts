/**
 * The `trade_id` of a trade frame as it came; a text of JSON without spaces cannot hold the key's bytes. Trades are few
 * beside book changes, so the byte scanner passes the id over.
 */
export function tradeIdOf(raw: Buffer): string | undefined {
  const at = raw.indexOf(KEY);
  if (at < 0) return undefined;
  const from = at + KEY.length;
  const to = raw.indexOf(QUOTE, from);
  return to < 0 ? undefined : raw.toString('latin1', from, to);
}

const KEY = Buffer.from('"trade_id":"');
const QUOTE = '"'.charCodeAt(0);
