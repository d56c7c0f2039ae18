import { boundedMap } from './bounded-map.ts';
import type { EndpointCosts } from './wire-account.ts';

/** Tokens that a request costs; `path` from the root, without the query; ids may be `:`. */
export type CostOf = (method: string, path: string) => number;

/**
 * Reads the exchange's cost list, whose paths are patterns: `:name` is one segment, `*name` the rest. The most
 * literal pattern wins, so that `/orders/batched` is not taken for an order id.
 */
export function endpointCost({ defaultCost, endpoints }: EndpointCosts): CostOf {
  const rules = endpoints
    .map(({ method, path, cost }) => ({ method: method.toUpperCase(), parts: split(path), cost }))
    .sort((a, b) => literals(b.parts) - literals(a.parts));
  const known = boundedMap<string, number>(500);
  return (method, path) => {
    const key = `${method} ${path}`;
    const before = known.get(key);
    if (before !== undefined) return before;
    const parts = split(path);
    const rule = rules.find((candidate) => candidate.method === method && matches(candidate.parts, parts));
    const cost = rule?.cost ?? defaultCost;
    known.set(key, cost);
    return cost;
  };
}

function split(path: string): string[] {
  return path.split('/').filter((part) => part !== '');
}

function literals(pattern: readonly string[]): number {
  return pattern.filter((part) => !isParameter(part)).length;
}

function isParameter(part: string): boolean {
  return part.startsWith(':') || part.startsWith('*') || part.startsWith('{');
}

function matches(pattern: readonly string[], path: readonly string[]): boolean {
  for (let i = 0; i < pattern.length; i++) {
    const part = pattern[i]!;
    if (part.startsWith('*')) return true;
    if (path[i] === undefined || (!isParameter(part) && part !== path[i])) return false;
  }
  return pattern.length === path.length;
}
