import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/** One operation of the official client. */
export interface OfficialOperation {
  /** E.g. `GET /markets/{ticker}`. */
  readonly name: string;
  /** Type of the answer's body, as the client declares it. */
  readonly answer: string;
  /** Names of the query's parameters. */
  readonly query: readonly string[];
}

/** An answer made up from a declared type. */
export interface Sample {
  readonly value: unknown;
  /** Where it holds numbers, as numbers or as text. */
  readonly numbers: readonly NumberAt[];
}

export interface NumberAt {
  /** E.g. `markets[0].yes_bid_dollars`. */
  readonly path: string;
  /** Absent from some answers. */
  readonly isOptional: boolean;
}

const ROOT = dirname(createRequire(import.meta.url).resolve('kalshi-typescript'));

/** All operations that the official client knows. */
export function officialOperations(): OfficialOperation[] {
  const declared = read('api', '.d.ts');
  const found: (OfficialOperation & { readonly query: string[] })[] = [];
  let method = '';
  let path = '';
  for (const [, name, template, verb, parameter] of read('api', '.js').matchAll(
    /^ {8}(\w+): \(|const localVarPath = `([^`]+)`|\{ method: '(\w+)' \}|localVarQueryParameter\['(\w+)'\]/gm,
  )) {
    if (name !== undefined) method = name;
    else if (template !== undefined) path = template;
    else if (parameter !== undefined) found.at(-1)!.query.push(parameter);
    else {
      const answer = new RegExp(`^ {4}${method}\\(.*AxiosResponse<([^,]+),`, 'm').exec(declared);
      if (answer === null) throw new Error(`no declaration of ${method}`);
      found.push({ name: `${verb} ${path}`, answer: answer[1]!, query: [] });
    }
  }
  return found;
}

interface Field {
  readonly isOptional: boolean;
  readonly type: string;
}

const models = read('models', '.d.ts');

const shapes = new Map<string, ReadonlyMap<string, Field>>(
  [...models.matchAll(/export interface (\w+) \{\n([\s\S]*?)\n\}/g)].map(([, name, body]) => [
    name!,
    new Map(
      [...body!.matchAll(/^ {4}'(\w+)'(\??): ((?:[^;{]|\{[^}]*\})+);/gm)].map(([, field, mark, type]) => [
        field!,
        { isOptional: mark === '?', type: type! },
      ]),
    ),
  ]),
);

const words = new Map<string, string>(
  [...models.matchAll(/export declare const (\w+): \{\n.*?: "([^"]*)"/g)].map(([, name, word]) => [
    name!,
    word!,
  ]),
);

/** An answer with every field, or with the required ones alone. */
export function sample(type: string, fields: 'all' | 'required'): Sample {
  const numbers: NumberAt[] = [];
  const make = (type: string, name: string, path: string, isOptional: boolean): unknown => {
    const bare = type.replace(/ \| null$/, '');
    const list = /^Array<([\s\S]*)>$/.exec(bare);
    if (list !== null) {
      if (/^(yes|no)_dollars$/.test(name)) {
        numbers.push(
          { path: `${path}[0][0]`, isOptional: false },
          { path: `${path}[0][1]`, isOptional: false },
        );
        return [['0.4700', '3.00']];
      }
      return [make(list[1]!, name, `${path}[0]`, true)];
    }
    const shape = shapes.get(bare);
    if (shape !== undefined) {
      const made: Record<string, unknown> = {};
      for (const [field, { isOptional, type }] of shape) {
        if (isOptional && fields === 'required') continue;
        const mayMiss = isOptional || type.endsWith(' | null');
        made[field] = make(type, field, path === '' ? field : `${path}.${field}`, mayMiss);
      }
      return made;
    }
    const word = words.get(bare);
    if (word !== undefined) return word;
    const ofRecord = /^\{ \[key: string\]: (.+); \}$/.exec(bare.replace(/\s+/g, ' '));
    if (ofRecord !== null) return { key: make(ofRecord[1]!, 'key', `${path}.key`, true) };
    if (bare === 'boolean') return true;
    if (bare === 'any') return 1;
    if (bare === 'object' || bare === 'void') return bare === 'void' ? null : {};
    const printed = bare === 'number' ? numberNamed(name) : textNamed(name);
    if (typeof printed === 'number' || NUMERIC_TEXT.test(printed)) numbers.push({ path, isOptional });
    return printed;
  };
  return { value: make(type, '', '', false), numbers };
}

const NUMERIC_TEXT = /^\d+\.\d+$|^\d{4}-\d\d-\d\dT/;

function textNamed(name: string): string {
  if (/_fp$|^(count|fill_count|remaining_count|reduced_by|volume|open_interest)$/.test(name)) return '10.00';
  if (/_dollars$|^(price|average_.*|fee_cost|open|low|high|close|mean|previous)$/.test(name)) return '0.5600';
  if (/^(amount|balance)$/.test(name)) return '12.345600';
  if (name === 'start') return '0.0000';
  if (name === 'end') return '1.0000';
  if (name === 'step') return '0.0100';
  if (/^(open|close)_time$/.test(name)) return '2026-11-20T09:00:00Z';
  if (/_time$|_ts$|_date$|datetime$/.test(name)) return '2026-11-20T09:00:00.123456Z';
  return name === 'side' ? 'yes' : `some-${name}`;
}

function numberNamed(name: string): number {
  if (/_ms$|^t$/.test(name)) return 1_790_000_000_000;
  if (/_ts$/.test(name)) return 1_790_000_000;
  return 7;
}

function read(folder: string, ending: string): string {
  const dir = join(ROOT, folder);
  const names = readdirSync(dir).filter((name) => name.endsWith(ending));
  return names.map((name) => readFileSync(join(dir, name), 'utf8')).join('\n');
}
