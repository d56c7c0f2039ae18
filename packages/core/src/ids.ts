import type { Brand } from './brand.ts';

/** Name of a market, e.g. `KXGOLD15M-26AUG102130-30`. */
export type Ticker = Brand<string, 'Ticker'>;
/** Our name of an order; the exchange accepts each only once, for ever. */
export type ClientOrderId = Brand<string, 'ClientOrderId'>;
/** The exchange's name of an order. */
export type OrderId = Brand<string, 'OrderId'>;
/** The exchange's name of a match; primary key of a fill. */
export type FillId = Brand<string, 'FillId'>;
/** Name of one run of a bot or backtest. */
export type RunId = Brand<string, 'RunId'>;

export const Ticker = { of: (text: string): Ticker => text as Ticker } as const;
export const OrderId = { of: (text: string): OrderId => text as OrderId } as const;
export const FillId = { of: (text: string): FillId => text as FillId } as const;
export const RunId = { of: (text: string): RunId => text as RunId } as const;

export const ClientOrderId = {
  of: (text: string): ClientOrderId => text as ClientOrderId,
  /**
   * The id of the `index`-th order that a run sends at audit sequence `sequence`: the same intent gives the
   * same id, so a re-send is recognised and a replay gives the same ids.
   */
  derive: (runId: RunId, sequence: number, index: number): ClientOrderId =>
    `${runId}-${sequence.toString(36)}-${index.toString(36)}` as ClientOrderId,
} as const;
