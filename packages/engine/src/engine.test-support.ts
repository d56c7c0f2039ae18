import {
  type AuditRecord,
  type ClientOrderId,
  type Command,
  Count,
  type Event,
  FillId,
  type Intent,
  Money,
  OrderId,
  type PlaceOrder,
  Price,
  RunId,
  type SessionAction,
  type SessionPolicy,
  type Side,
  type Strategy,
  Timestamp,
} from '@kalshi-mm/core';
import { defaultRiskLimits } from '@kalshi-mm/risk';
import { aMarket } from '@kalshi-mm/testing';
import { Engine } from './engine.ts';
import type { EngineRules } from './engine-config.ts';

export const market = aMarket();
export const { ticker } = market;

const rules: EngineRules = {
  plan: { keepWithin: 100, keepShare: 0.5 },
  exit: { closeNowBelow: Count.of(200), waitMs: 15_000, maxSlippage: 400 },
  risk: defaultRiskLimits,
  orderTtlMs: 60_000,
  feedFreezeAfterMs: 5_000,
  feedStopAfterMs: 15_000,
  exitEveryMs: 3_000,
};

export const level = (price: number, count: number) => ({ price: Price.of(price), count: Count.of(count) });

/** An engine whose strategy and policy say what the test tells them to. */
export function testBench(options: { recovering?: boolean; rules?: Partial<EngineRules> } = {}) {
  let intents: readonly Intent[] = [];
  let actions: readonly SessionAction[] = [];
  let nowMs = 1_000_000;
  const audits: AuditRecord[] = [];
  const strategy: Strategy<null, null> = {
    name: 'told',
    schema: { parse: () => null },
    wakes: () => ({ everyMs: 3_000, onTouch: false, onTrade: false, onFill: true }),
    start: () => null,
    decide: () => intents,
  };
  const policy: SessionPolicy<null> = {
    name: 'told',
    start: () => null,
    review: () => {
      const told = actions;
      actions = [];
      return told;
    },
  };
  const engine = new Engine({
    runId: RunId.of('run'),
    ownPrefix: 'run',
    strategy,
    strategyConfig: null,
    policy,
    folds: [],
    rules: { ...rules, ...options.rules },
    recovering: options.recovering ?? false,
  });

  const step = (event: Record<string, unknown> & { readonly type: string }): readonly Command[] => {
    const { commands, audit } = engine.step({ atMs: Timestamp.of(nowMs), ...event } as unknown as Event);
    if (audit !== null) audits.push(audit);
    return commands;
  };
  const orderOf = (id: ClientOrderId) => OrderId.of(`x-${id}`);

  return {
    engine,
    audits,
    step,
    wish: (...next: Intent[]) => {
      intents = next;
    },
    quote: (bids: ReturnType<typeof level>[], asks: ReturnType<typeof level>[]) => {
      intents = [{ type: 'quote', ticker, bids, asks, explanation: {} }];
    },
    act: (...next: SessionAction[]) => {
      actions = next;
    },
    open: (maxPosition = 300) => {
      actions = [
        { type: 'open', ticker, reason: 'test', endsMs: null, maxPosition: Count.of(maxPosition), facts: {} },
      ];
    },
    close: (exit: 'passive' | 'now') => {
      actions = [{ type: 'close', ticker, reason: 'test-over', exit }];
    },
    /** Lets time pass and ticks once. */
    tick: (ms: number, feedAgeMs: number | null = null) => {
      nowMs += ms;
      return step({ type: 'clock.ticked', feedAgeMs });
    },
    begin: () => {
      step({ type: 'market.opened', market });
      step({ type: 'book.replaced', ticker, bids: [level(4_700, 5_000)], asks: [level(5_300, 5_000)] });
    },
    accept: (command: Command | undefined) => {
      const placed = command as PlaceOrder;
      return step({
        type: 'order.accepted',
        clientOrderId: placed.clientOrderId,
        orderId: orderOf(placed.clientOrderId),
        ticker,
        remaining: placed.count,
        filled: Count.ZERO,
      });
    },
    canceled: (id: ClientOrderId) =>
      step({ type: 'order.canceled', clientOrderId: id, orderId: orderOf(id), ticker, reason: 'requested' }),
    fill: (
      id: ClientOrderId,
      side: Side,
      price: number,
      count: number,
      fillId = `f-${id}-${count}`,
      withClientId = true,
    ) =>
      step({
        type: 'order.filled',
        fill: {
          fillId: FillId.of(fillId),
          orderId: orderOf(id),
          clientOrderId: withClientId ? id : null,
          ticker,
          side,
          price: Price.of(price),
          count: Count.of(count),
          fee: Money.ZERO,
          role: 'maker',
          exchangeMs: Timestamp.of(nowMs),
        },
      }),
    openOrders: () => engine.orders.openIn(ticker),
    last: () => audits[audits.length - 1]!,
  };
}
