/** Where a request goes, below the REST URL. */
export interface Route {
  /** Percent-encoded, e.g. `/markets/KXTEST-A`; this is what gets signed. */
  readonly path: string;
  /** The same for all of its kind, e.g. `/markets/:/orderbook`: names the endpoint in statistics. */
  readonly name: string;
}

/**
 * A path whose parameters are encoded.
 *
 * @example route`/markets/${ticker}/orderbook`
 */
export function route(parts: TemplateStringsArray, ...ids: readonly string[]): Route {
  let path = parts[0]!;
  for (const [index, id] of ids.entries()) path += encodeURIComponent(id) + parts[index + 1]!;
  return { path, name: parts.join(':') };
}
