import { RowFlag, RowKind, type TapeRow } from '../row.ts';

/** Rows of one recorded line, all of one receive time. */
export type RowGroup = readonly TapeRow[];

/**
 * Pairs each trade with the book change it caused: the delta of the same exchange millisecond and price on the
 * maker's side that takes exactly its count. The delta usually comes first, but not always, so rows are held back
 * for a while before they leave.
 */
export interface TradePairing {
  /** @returns the groups that have waited long enough, in order */
  push(group: RowGroup): RowGroup[];
  /** The rest, at the end of the recording. */
  flush(): RowGroup[];
  readonly trades: number;
  readonly paired: number;
}

/** @param windowMs how long a row waits for its partner, on the receive clock */
export function createTradePairing(windowMs: number): TradePairing {
  let held: Slot[] = [];
  let head = 0;
  const waiting = new Map<string, Slot[]>();
  let trades = 0;
  let paired = 0;

  const pair = (slot: Slot, row: TapeRow): void => {
    const isTrade = row.kind === RowKind.trade;
    if (isTrade) trades++;
    const key = keyOf(row);
    const others = waiting.get(key);
    const partner = others?.find((other) => other.isTrade !== isTrade);
    if (others === undefined || partner === undefined) {
      slot.isTrade = isTrade;
      slot.key = key;
      if (others === undefined) waiting.set(key, [slot]);
      else others.push(slot);
      return;
    }
    paired++;
    leave(partner);
    mark(partner, partner.isTrade);
    mark(slot, isTrade);
  };

  const leave = (slot: Slot): void => {
    if (slot.key === null) return;
    const others = waiting.get(slot.key)!;
    if (others.length === 1) waiting.delete(slot.key);
    else others.splice(others.indexOf(slot), 1);
    slot.key = null;
  };

  const release = (until: number): RowGroup[] => {
    const out: RowGroup[] = [];
    for (; head < held.length && held[head]!.group[0]!.recvMs < until; head++) {
      leave(held[head]!);
      out.push(held[head]!.group);
    }
    if (head > 4096) {
      held = held.slice(head);
      head = 0;
    }
    return out;
  };

  return {
    push(group) {
      const slot: Slot = { group, key: null, isTrade: false };
      held.push(slot);
      const row = group[0]!;
      if (row.kind === RowKind.trade || (row.kind === RowKind.delta && row.count < 0)) pair(slot, row);
      return release(row.recvMs - windowMs);
    },
    flush: () => release(Number.POSITIVE_INFINITY),
    get trades() {
      return trades;
    },
    get paired() {
      return paired;
    },
  };
}

interface Slot {
  group: RowGroup;
  /** Under which it waits; null when it does not. */
  key: string | null;
  isTrade: boolean;
}

/** A trade and its delta have the same key: the maker stands on the other side than the taker. */
function keyOf(row: TapeRow): string {
  const makerSide = row.kind === RowKind.trade ? 1 - row.side : row.side;
  return `${row.market} ${row.exchangeMs} ${makerSide} ${row.price} ${Math.abs(row.count)}`;
}

function mark(slot: Slot, isTrade: boolean): void {
  const [row, ...others] = slot.group;
  const flag = isTrade ? RowFlag.hasDelta : RowFlag.causedByTrade;
  slot.group = [{ ...row!, flags: row!.flags | flag }, ...others];
}
