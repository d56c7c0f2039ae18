import type { z } from 'zod';

/** The known key that is fewest edits away from `key`, unless it is hardly alike. */
export function nearestKey(key: string, known: readonly string[]): string | null {
  let best: string | null = null;
  let bestDistance = Math.ceil(key.length / 2) + 1;
  for (const candidate of known) {
    const distance = editDistance(key, candidate);
    if (distance < bestDistance) {
      best = candidate;
      bestDistance = distance;
    }
  }
  return best;
}

/** Keys of the object schema at a path. */
export function schemaKeys(schema: z.ZodType, path: readonly PropertyKey[]): string[] {
  let at = unwrap(schema);
  for (const key of path) {
    const shape = at.shape ?? {};
    const next = shape[String(key)] ?? at.def.valueType;
    if (next === undefined) return [];
    at = unwrap(next);
  }
  return Object.keys(at.shape ?? {});
}

/** The part of a schema's inside that is looked at here: wrappers, records and objects. */
interface Inspectable {
  readonly shape?: Record<string, z.ZodType>;
  readonly def: { readonly innerType?: z.ZodType; readonly in?: z.ZodType; readonly valueType?: z.ZodType };
}

function unwrap(schema: z.ZodType): Inspectable {
  let at = schema as unknown as Inspectable;
  for (;;) {
    const inner = at.def.innerType ?? at.def.in;
    if (inner === undefined) return at;
    at = inner as unknown as Inspectable;
  }
}

/** Levenshtein distance. */
function editDistance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const swap = a[i - 1] === b[j - 1] ? 0 : 1;
      row.push(Math.min(previous[j]! + 1, row[j - 1]! + 1, previous[j - 1]! + swap));
    }
    previous = row;
  }
  return previous[b.length]!;
}
