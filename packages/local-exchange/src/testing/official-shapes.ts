import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

interface Field {
  readonly isOptional: boolean;
  readonly type: string;
}

const ROOT = dirname(createRequire(import.meta.url).resolve('kalshi-typescript'));
const models = declarationsIn('models');
const operations = declarationsIn('api');

/** The official client's models, by name. */
const shapes = new Map<string, Map<string, Field>>();
for (const [, name, body] of models.matchAll(/export interface (\w+) \{\n([\s\S]*?)\n\}/g)) {
  const fields = [...body!.matchAll(/^ {4}'(\w+)'(\??): ([^;{]+|\{[^}]*\});/gm)];
  shapes.set(
    name!,
    new Map(fields.map(([, field, mark, type]) => [field!, { isOptional: mark === '?', type: type! }])),
  );
}

/** Values of the client's enumerations, by name. */
const words = new Map<string, string[]>();
for (const [, name, body] of models.matchAll(/export declare const (\w+): \{\n([\s\S]*?)\n\};/g)) {
  words.set(
    name!,
    [...body!.matchAll(/: "([^"]*)"/g)].map(([, word]) => word!),
  );
}

/** The type that the official client gives to the body of a method's answer. */
export function answerType(method: string): string {
  const found = new RegExp(`^ {4}${method}\\(.*AxiosResponse<([^,]+),`, 'm').exec(operations);
  if (found === null) throw new Error(`the official client has no ${method}`);
  return found[1]!;
}

/** Names of the methods of one of the client's classes, e.g. `MarketApi`. */
export function methodsOf(api: string): string[] {
  const source = new RegExp(`export declare class ${api} extends BaseAPI \\{([\\s\\S]*?)\\n\\}`).exec(
    operations,
  )![1]!;
  return [...source.matchAll(/^ {4}(\w+)\(/gm)].map(([, name]) => name!);
}

/**
 * What in a value does not fit a type of the official client: missing fields, wrong JSON types, unknown words, and
 * prices, money, counts and times that are not printed as the exchange prints them.
 */
export function misfits(value: unknown, type: string, path = ''): string[] {
  if (type === 'void') return value === '' ? [] : [`${path}: expected no body`];
  if (type.endsWith(' | null')) return value === null ? [] : misfits(value, type.slice(0, -7), path);
  const list = /^Array<(.*)>$/.exec(type);
  if (list !== null) {
    if (!Array.isArray(value)) return [`${path}: expected a list`];
    return value.flatMap((item, index) => misfits(item, list[1]!, `${path}[${index}]`));
  }
  const shape = shapes.get(type);
  if (shape !== undefined) return misfitsOfObject(value, shape, path);
  const known = words.get(type);
  if (known !== undefined)
    return known.includes(String(value)) ? [] : [`${path}: ${value} is none of ${known}`];
  if (['string', 'number', 'boolean'].includes(type))
    return typeof value === type ? [] : [`${path}: expected ${type}`];
  return typeof value === 'object' && value !== null ? [] : [`${path}: expected an object`];
}

function misfitsOfObject(value: unknown, shape: Map<string, Field>, path: string): string[] {
  if (typeof value !== 'object' || value === null) return [`${path}: expected an object`];
  const fields = value as Record<string, unknown>;
  return [...shape].flatMap(([name, { isOptional, type }]) => {
    const at = `${path}.${name}`;
    const field = fields[name];
    if (field === undefined) return isOptional ? [] : [`${at}: missing`];
    if (field === null && isOptional) return [];
    return [...misfits(field, type, at), ...(typeof field === 'string' ? misprints(name, field, at) : [])];
  });
}

const FORMATS: readonly [RegExp, RegExp][] = [
  [/_dollars$/, /^-?\d+\.\d{4}(\d\d)?$/],
  [/_fp$|^(count|fill_count|remaining_count|reduced_by)$/, /^-?\d+\.\d\d$/],
  [/_time$|_ts$/, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$|^\d\d:\d\d$/],
];

function misprints(name: string, text: string, path: string): string[] {
  return FORMATS.filter(([names, format]) => names.test(name) && !format.test(text)).map(
    ([, format]) => `${path}: ${text} does not match ${format.source}`,
  );
}

function declarationsIn(folder: string): string {
  const dir = join(ROOT, folder);
  const names = readdirSync(dir).filter((name) => name.endsWith('.d.ts'));
  return names.map((name) => readFileSync(join(dir, name), 'utf8')).join('\n');
}
