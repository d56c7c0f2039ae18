import { compileScanner, type Scan } from './compile-scanner.ts';
import { Slot } from './frame-slot.ts';

/**
 * How one kind of frame is read. A frame whose bytes fit has the same keys, in the same order, as the valid frame that
 * the layout came from.
 */
export interface FrameLayout {
  readonly type: 'orderbook_delta' | 'trade';
  readonly scan: Scan;
  /** Which of the names of the taker's side decides; the outcome in a delta. */
  readonly sideSlot: number;
  readonly hasSeq: boolean;
  readonly hasTime: boolean;
  readonly hasBlock: boolean;
}

/**
 * The layout of a valid `orderbook_delta` or `trade` frame.
 *
 * @param text the frame as it came
 * @param value the same frame after `JSON.parse`, already accepted by `parseFrame`
 * @returns null when the frame is of another type, or is not written in the compact form that bytes can follow:
 * spaces, escapes, keys that come twice, `null`, nested values
 */
export function layoutOf(text: string, value: Readonly<Record<string, unknown>>): FrameLayout | null {
  const type = value.type;
  if (type !== 'orderbook_delta' && type !== 'trade') return null;
  if (!PLAIN.test(text) || JSON.stringify(value) !== text) return null;
  const message = value.msg as Readonly<Record<string, unknown>>;
  const texts: string[] = [];
  const slots: number[] = [];
  let fixed = '{';
  let first = true;
  const add = (key: string, item: unknown, slot: number | undefined): boolean => {
    const any = anySlotOf(item);
    if (any === null) return false;
    texts.push(`${fixed}${first ? '' : ','}"${key}":${any === Slot.ANY_TEXT ? '"' : ''}`);
    slots.push(slot ?? any);
    // The closing quote of a text is read with the text.
    fixed = '';
    first = false;
    return true;
  };
  for (const [key, item] of Object.entries(value)) {
    if (key === 'type') {
      fixed += `${first ? '' : ','}"type":"${type}"`;
      first = false;
    } else if (key === 'msg') {
      fixed += `${first ? '' : ','}"msg":{`;
      first = true;
      for (const [name, part] of Object.entries(message)) {
        if (!add(name, part, MESSAGE_SLOTS[type].get(name))) return null;
      }
      fixed += '}';
      first = false;
    } else if (!add(key, item, HEAD_SLOTS.get(key))) return null;
  }
  texts.push(`${fixed}}`);
  const has = (slot: number): boolean => slots.includes(slot);
  return {
    type,
    scan: compileScanner(texts, slots),
    sideSlot: [Slot.BOOK_SIDE, Slot.OUTCOME_SIDE, Slot.TAKER_SIDE].find(has) ?? Slot.OUTCOME,
    hasSeq: has(Slot.SEQ),
    hasTime: has(Slot.TIME),
    hasBlock: has(Slot.BLOCK),
  };
}

/** Printable ASCII without the backslash. */
const PLAIN = /^[\x20-\x5b\x5d-\x7e]*$/;

const HEAD_SLOTS = new Map<string, number>([
  ['sid', Slot.SID],
  ['seq', Slot.SEQ],
]);

const MESSAGE_SLOTS = {
  orderbook_delta: new Map<string, number>([
    ['market_ticker', Slot.TICKER],
    ['price_dollars', Slot.PRICE],
    ['delta_fp', Slot.DELTA],
    ['side', Slot.OUTCOME],
    ['ts_ms', Slot.TIME],
  ]),
  trade: new Map<string, number>([
    ['market_ticker', Slot.TICKER],
    ['yes_price_dollars', Slot.PRICE],
    ['count_fp', Slot.COUNT],
    ['taker_book_side', Slot.BOOK_SIDE],
    ['taker_outcome_side', Slot.OUTCOME_SIDE],
    ['taker_side', Slot.TAKER_SIDE],
    ['is_block_trade', Slot.BLOCK],
    ['ts_ms', Slot.TIME],
  ]),
};

function anySlotOf(item: unknown): number | null {
  if (typeof item === 'string') return Slot.ANY_TEXT;
  if (typeof item === 'boolean') return Slot.ANY_BOOLEAN;
  return Number.isSafeInteger(item) && (item as number) >= 0 ? Slot.ANY_INTEGER : null;
}
