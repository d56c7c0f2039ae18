/** Which kinds of value stand at each path of one or several JSON values. */
export type Shape = ReadonlyMap<string, ReadonlySet<string>>;

/** The shape that all the values have together; `[]` is any entry of a list, `[][0]` the first of a pair in one. */
export function shapeOf(values: readonly unknown[]): Shape {
  const shape = new Map<string, Set<string>>();
  for (const value of values) walk(value, '', shape);
  return shape;
}

/**
 * How a value of ours differs from recorded ones, as `path: what`: a field that is `gone` or `new`, or the kinds that
 * ours has and the recording never shows. What stands below a field that is gone or new is not told again.
 */
export function differences(ours: Shape, recorded: Shape): string[] {
  const found: string[] = [];
  const told: string[] = [];
  for (const path of [...new Set([...ours.keys(), ...recorded.keys()])].toSorted()) {
    if (told.some((above) => path.startsWith(above))) continue;
    const [mine, theirs] = [ours.get(path), recorded.get(path)];
    if (mine === undefined || theirs === undefined) {
      // Entries that a list has on one side only: how the lists themselves differ is told of the lists.
      const list = path.endsWith(']') ? path.replace(/\[[^[]*$/, '') : null;
      const isEntry = list !== null && ours.has(list) && recorded.has(list);
      if (!isEntry) found.push(`${path}: ${mine === undefined ? 'gone' : 'new'}`);
      told.push(`${path}.`, `${path}[`);
      continue;
    }
    const other = [...mine].filter((kind) => !theirs.has(kind) && !(isText(kind) && theirs.has('text')));
    if (other.length > 0) found.push(`${path}: ${other.join(', ')} for ${[...theirs].toSorted().join(', ')}`);
  }
  return found;
}

/** Where any text may stand, one in a format of its own may stand too, and none. */
function isText(kind: string): boolean {
  return kind === 'uuid' || kind === 'empty';
}

function walk(value: unknown, path: string, shape: Map<string, Set<string>>): void {
  const kinds = shape.get(path) ?? new Set();
  shape.set(path, kinds.add(kindOf(value, path)));
  if (Array.isArray(value)) {
    for (const [at, entry] of value.entries()) walk(entry, `${path}[${path.endsWith(']') ? at : ''}]`, shape);
  } else if (typeof value === 'object' && value !== null) {
    for (const [name, field] of Object.entries(value)) walk(field, `${path}.${name}`, shape);
  }
}

/** Formats of the exchange's strings, the narrowest first. */
const FORMATS: readonly [RegExp, string][] = [
  [/^$/, 'empty'],
  [/^-?\d+\.\d{6}$/, 'money with 6 decimals'],
  [/^-?\d+\.\d{4}$/, 'dollars with 4 decimals'],
  [/^-?\d+\.\d{2}$/, 'count with 2 decimals'],
  [/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/, 'uuid'],
  [/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/, 'time'],
];

function kindOf(value: unknown, path: string): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'list';
  if (typeof value === 'number') {
    if (value > 1.5e9 && value < 3e9) return 'unix seconds';
    return value > 1.5e12 && value < 3e12 ? 'unix milliseconds' : 'number';
  }
  if (typeof value !== 'string') return typeof value;
  const words = WORDS[path.slice(path.lastIndexOf('.') + 1)];
  if (words !== undefined) return words.includes(value) ? 'known word' : `unknown word "${value}"`;
  return FORMATS.find(([format]) => format.test(value))?.[1] ?? 'text';
}

/** Words that a field of this name may have. */
const WORDS: Readonly<Record<string, readonly string[]>> = {
  action: ['buy', 'sell'],
  book_side: ['bid', 'ask'],
  channel: ['orderbook_delta', 'trade', 'ticker', 'fill', 'user_orders', 'market_positions'],
  collateral_return_type: ['', 'MECNET', 'DIRECNET'],
  fee_type: ['quadratic', 'quadratic_with_maker_fees', 'flat'],
  market_type: ['binary', 'scalar'],
  outcome_side: ['yes', 'no'],
  purchased_side: ['yes', 'no'],
  result: ['', 'yes', 'no', 'scalar'],
  self_trade_prevention_type: ['taker_at_cross', 'maker'],
  side: ['yes', 'no'],
  taker_book_side: ['bid', 'ask'],
  taker_outcome_side: ['yes', 'no'],
  taker_side: ['yes', 'no'],
  status: [
    ...['resting', 'canceled', 'executed'],
    ...['initialized', 'inactive', 'active', 'closed', 'determined', 'disputed', 'amended', 'finalized'],
  ],
  strike_type: [
    ...['greater', 'greater_or_equal', 'less', 'less_or_equal', 'between'],
    ...['functional', 'custom', 'structured'],
  ],
};
