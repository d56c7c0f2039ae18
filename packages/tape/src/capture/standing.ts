import type { Ticker } from '@kalshi-mm/core';
import type { CaptureControl } from './capture-record.ts';

/** What holds beyond the file in which it was noted: open connections, and the facts of markets that are not over. */
export interface Standing {
  take(control: CaptureControl): void;
  /** As they stand at the start of another file. */
  records(): CaptureControl[];
}

export function createStanding(): Standing {
  const connections = new Map<number, CaptureControl & { kind: 'open' }>();
  const markets = new Map<Ticker, CaptureControl & { kind: 'market' }>();
  return {
    take(control) {
      if (control.kind === 'connected') connections.set(control.connection, { ...control, kind: 'open' });
      else if (control.kind === 'closed') connections.delete(control.connection);
      else if (control.kind !== 'market') return;
      else if (control.market.status === 'finalized') markets.delete(control.market.ticker);
      else markets.set(control.market.ticker, control);
    },
    records: () => [...connections.values(), ...markets.values()],
  };
}
