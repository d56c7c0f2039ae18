import { Count, createRandom, FeeSchedule, Price, PriceGrid, type Random, Timestamp } from '@kalshi-mm/core';
import { type ExchangeOrder, type SimulatedExchange, Subaccount } from '@kalshi-mm/simulator';
import { COIN, GOLD, LATER } from './fixture-world.ts';
import { answerType, misfits } from './official-shapes.ts';
import { ALICE, BOB, type Name, type RawAnswer, type TwoUsers } from './two-users.ts';

/** Every code with which a call of `RandomCaller` may be refused. */
const REFUSALS: ReadonlySet<string> = new Set([
  ...['invalid_parameters', 'invalid_order', 'invalid_price', 'insufficient_balance', 'market_inactive'],
  ...['not_found', 'market_not_found', 'user_not_found', 'order_already_exists', 'transfer_already_exists'],
  ...['fill_or_kill_insufficient_resting_volume', 'trading_is_paused', 'exchange_is_paused'],
]);

const ORDERS = '/portfolio/events/orders';
const GROUPS = '/portfolio/order_groups';
const TRANSFER = '/portfolio/intra_exchange_instance_transfer';
const EVENT_CONTRACT = { source: 'event_contract', destination: 'event_contract' };
const OPEN = [GOLD, COIN];

/** Two users who call at random, mostly sensibly, while things happen to the exchange; the seed decides everything. */
export class RandomCaller {
  /** What was no documented answer. */
  readonly problems: string[] = [];
  /** Everything that alice was answered. */
  readonly told: string[] = [];
  readonly #two: TwoUsers;
  readonly #exchange: SimulatedExchange;
  readonly #random: Random;
  #names = 0;

  constructor(two: TwoUsers, seed: number) {
    this.#two = two;
    this.#exchange = two.world.exchange;
    this.#random = createRandom(`calls/${seed}`);
  }

  /** Subaccounts with money for both, so that calls about them find something. */
  async prepare(): Promise<void> {
    for (const as of [ALICE, BOB] as const) {
      for (const to_subaccount of [1, 2]) {
        await this.send(as, 'POST', '/portfolio/subaccounts', {}, 'createSubaccount');
        for (const exchange_index of [0, 2]) {
          const client_transfer_id = `start-${to_subaccount}-${exchange_index}`;
          const body = { from_subaccount: 0, to_subaccount, exchange_index, amount_cents: 20_000 };
          const path = '/portfolio/subaccounts/transfer';
          await this.send(as, 'POST', path, { ...body, client_transfer_id }, 'applySubaccountTransfer');
        }
      }
    }
    for (const ticker of OPEN) this.#exchange.setCloseTime(ticker, Timestamp.of(this.#exchange.nowMs + 1e7));
  }

  /** One call, or one thing that happens. */
  async act(): Promise<void> {
    let at = this.#random.next() * TOTAL_WEIGHT;
    const [, run] = ACTS.find(([weight]) => {
      at -= weight;
      return at < 0;
    })!;
    await run(this, this.pick([ALICE, BOB] as const));
  }

  pick<T>(list: readonly T[]): T {
    return list[this.#random.integer(list.length)]!;
  }

  chance(share: number): boolean {
    return this.#random.next() < share;
  }

  below(limit: number): number {
    return this.#random.integer(limit);
  }

  get exchange(): SimulatedExchange {
    return this.#exchange;
  }

  /** @param type the official client's method, whose answer it must be; null: an answer without a body */
  async send(as: Name, method: string, path: string, body: object | undefined, type: string | null) {
    const answer = await this.#two.ask(method, path, { as, ...(body === undefined ? {} : { body }) });
    if (as === ALICE) this.told.push(answer.text);
    const problem = wrongWith(answer, type);
    if (problem !== null) this.problems.push(`${as} ${method} ${path} ${JSON.stringify(body)}: ${problem}`);
  }

  get(as: Name, path: string, type: string): Promise<void> {
    return this.send(as, 'GET', path, undefined, type);
  }

  price(): string {
    const kind = this.below(20);
    const units =
      kind < 17
        ? 100 * (45 + this.below(11))
        : kind < 19
          ? (kind === 17 ? 0 : 9_000) + 10 * (1 + this.below(99))
          : 1 + this.below(9_999);
    return Price.format(Price.of(units));
  }

  count(): string {
    return this.pick(
      this.chance(0.9)
        ? ['0.01', '0.07', '0.33', '1', '1.5', '3.00', '12.34', '40']
        : ['99.99', '250', '2000', '90000', '21474836.47', '9999999999'],
    );
  }

  name(as: Name): string {
    return `${as}-${this.chance(0.9) ? ++this.#names : this.#names}`;
  }

  /** Around now, in seconds. */
  second(): number {
    return Math.floor(this.#exchange.nowMs / 1_000) + this.below(40) - 3;
  }

  /** An order of the user, most often one that rests; one that nobody has, now and then. */
  order(as: Name): Pick<ExchangeOrder, 'orderId' | 'ticker' | 'side' | 'userId' | 'filled'> {
    const all = this.#exchange.accountsOf(as).flatMap((account) => this.#exchange.orders(account));
    const resting = all.filter(({ status }) => status === 'resting');
    const among = resting.length > 0 && this.chance(0.85) ? resting : all;
    if (among.length > 0 && this.chance(0.95)) return this.pick(among);
    return { orderId: 'none' as never, ticker: GOLD, side: 'bid', userId: as, filled: Count.ZERO };
  }

  group(as: Name): { readonly id: string; readonly route: string } {
    const all = this.#exchange.accountsOf(as).flatMap((account) => this.#exchange.orderGroups(account));
    if (all.length === 0) return { id: 'none', route: '' };
    const { groupId, userId, exchangeIndex } = this.pick(all);
    const route = `?subaccount=${Subaccount.numberOf(userId)}&exchange_index=${exchangeIndex}`;
    return { id: groupId, route };
  }
}

function wrongWith({ status, body, text }: RawAnswer, type: string | null): string | null {
  if (status < 300) {
    const found = misfits(body ?? '', type === null ? 'void' : answerType(type));
    return found.length === 0 ? null : found.join(', ');
  }
  const isDocumented =
    REFUSALS.has(body?.error?.code) ||
    body?.code === 'bad_request' ||
    /^Parameter validation failed/.test(body?.msg);
  return status < 500 && isDocumented ? null : `${status} ${text}`;
}

type Act = (caller: RandomCaller, as: Name) => unknown;

function newOrder(caller: RandomCaller, as: Name): object {
  const time_in_force = caller.pick([
    ...['good_till_canceled', 'good_till_canceled', 'good_till_canceled', 'good_till_canceled'],
    ...['immediate_or_cancel', 'fill_or_kill'],
  ]);
  const rests = time_in_force === 'good_till_canceled';
  return {
    ticker: caller.chance(0.95) ? caller.pick(OPEN) : caller.pick([LATER, 'NOPE']),
    side: caller.pick(['bid', 'ask']),
    count: caller.count(),
    price: caller.price(),
    time_in_force,
    self_trade_prevention_type: caller.pick(['taker_at_cross', 'maker']),
    ...(caller.chance(0.3) ? { client_order_id: caller.name(as) } : {}),
    ...(caller.chance(0.15) ? (rests ? { post_only: true } : { reduce_only: true }) : {}),
    ...(caller.chance(0.2) ? { cancel_order_on_pause: true } : {}),
    ...(rests && caller.chance(0.15) ? { expiration_time: caller.second() } : {}),
    ...(caller.chance(0.2) ? { order_group_id: caller.group(as).id } : {}),
    ...(caller.chance(0.3) ? { subaccount: caller.chance(0.95) ? caller.below(3) : 3 } : {}),
    ...(caller.chance(0.05) ? { exchange_index: caller.below(4) - 1 } : {}),
  };
}

function target({ orderId, ticker, userId }: ReturnType<RandomCaller['order']>) {
  return { order_id: orderId, market_ticker: ticker, subaccount: Subaccount.numberOf(userId) };
}

const several = (caller: RandomCaller, most: number, one: () => object): object[] =>
  Array.from({ length: 1 + caller.below(most) }, one);

/** What may be done, and how often. */
const ACTS: readonly (readonly [weight: number, act: Act])[] = [
  [60, (caller, as) => caller.send(as, 'POST', ORDERS, newOrder(caller, as), 'createOrderV2')],
  [
    8,
    (caller, as) => {
      const orders = several(caller, 4, () => newOrder(caller, as));
      return caller.send(as, 'POST', `${ORDERS}/batched`, { orders }, 'batchCreateOrdersV2');
    },
  ],
  [
    8,
    (caller, as) => {
      const { order_id, market_ticker, subaccount } = target(caller.order(as));
      const route = caller.chance(0.9)
        ? `market_ticker=${market_ticker}`
        : `exchange_index=${caller.below(4) - 1}`;
      const path = `${ORDERS}/${order_id}?${route}&subaccount=${subaccount}`;
      return caller.send(as, 'DELETE', path, undefined, 'cancelOrderV2');
    },
  ],
  [
    3,
    (caller, as) => {
      const orders = several(caller, 3, () => target(caller.order(as)));
      return caller.send(as, 'DELETE', `${ORDERS}/batched`, { orders }, 'batchCancelOrdersV2');
    },
  ],
  [
    1,
    (caller, as) => {
      const of = caller.chance(0.5) ? '' : `?subaccount=${caller.below(3)}`;
      return caller.send(as, 'DELETE', ORDERS + of, undefined, null);
    },
  ],
  [
    20,
    (caller, as) => {
      const order = caller.order(as);
      const { order_id, market_ticker, subaccount } = target(order);
      const body = {
        ticker: market_ticker,
        side: caller.chance(0.95) ? order.side : 'bid',
        price: caller.price(),
        count: caller.chance(0.5) ? caller.count() : Count.format(order.filled + 1 + caller.below(900)),
        ...(caller.chance(0.2) ? { updated_client_order_id: caller.name(as) } : {}),
        ...(caller.chance(0.2) ? { expiration_time: caller.chance(0.3) ? 0 : caller.second() } : {}),
      };
      const path = `${ORDERS}/${order_id}/amend?subaccount=${subaccount}`;
      return caller.send(as, 'POST', path, body, 'amendOrderV2');
    },
  ],
  [
    8,
    (caller, as) => {
      const { order_id, market_ticker, subaccount } = target(caller.order(as));
      const to = caller.chance(0.3) ? '0' : caller.count();
      const change = caller.chance(0.5) ? { reduce_by: caller.count() } : { reduce_to: to };
      const path = `${ORDERS}/${order_id}/decrease?subaccount=${subaccount}`;
      return caller.send(as, 'POST', path, { market_ticker, ...change }, 'decreaseOrderV2');
    },
  ],
  [
    4,
    (caller, as) => {
      const contracts_limit_fp = caller.pick(['0.5', '1', '3.5', '50', '1000000', '1000000.01']);
      const place = { subaccount: caller.below(3), exchange_index: caller.pick([0, 0, 2, 7]) };
      return caller.send(
        as,
        'POST',
        `${GROUPS}/create`,
        { contracts_limit_fp, ...place },
        'createOrderGroup',
      );
    },
  ],
  [
    4,
    (caller, as) => {
      const { id, route } = caller.group(as);
      const what = caller.pick(['reset', 'reset', 'trigger']);
      return caller.send(as, 'PUT', `${GROUPS}/${id}/${what}${route}`, {}, 'resetOrderGroup');
    },
  ],
  [
    2,
    (caller, as) => {
      const { id, route } = caller.group(as);
      const body = { contracts_limit: caller.below(100) };
      return caller.send(as, 'PUT', `${GROUPS}/${id}/limit${route}`, body, 'updateOrderGroupLimit');
    },
  ],
  [
    1,
    (caller, as) => {
      const { id, route } = caller.group(as);
      return caller.send(as, 'DELETE', `${GROUPS}/${id}${route}`, undefined, 'deleteOrderGroup');
    },
  ],
  [
    3,
    (caller, as) => {
      const body = {
        client_transfer_id: `transfer-${caller.below(40)}`,
        from_subaccount: caller.below(4),
        to_subaccount: caller.below(4),
        amount_cents: caller.pick([1, 500, 10_000, 9_999_999]),
        exchange_index: caller.pick([0, 2]),
      };
      return caller.send(as, 'POST', '/portfolio/subaccounts/transfer', body, 'applySubaccountTransfer');
    },
  ],
  [
    2,
    (caller, as) => {
      const body = {
        ...EVENT_CONTRACT,
        amount: caller.pick([1, 10_000, 777_777]),
        source_exchange_shard: caller.pick([0, 2]),
        destination_exchange_shard: caller.pick([0, 1, 2]),
        source_subaccount: caller.below(2),
        destination_subaccount: caller.below(3),
      };
      return caller.send(as, 'POST', TRANSFER, body, 'intraExchangeInstanceTransfer');
    },
  ],
  [
    1,
    (caller, as) => {
      const halves = [0, 2].map((exchange_index) => ({ exchange_index, percent: 50 }));
      const body = {
        allocations: caller.chance(0.5) ? [] : halves,
        resting_margin_reservation: caller.pick(['sum', 'max', 'none']),
      };
      return caller.send(
        as,
        'POST',
        '/portfolio/target_balance_allocation',
        body,
        'setTargetBalanceAllocation',
      );
    },
  ],
  [3, (caller, as) => caller.get(as, '/portfolio/orders?limit=1000', 'getOrders')],
  [
    2,
    (caller, as) => {
      const path = `/portfolio/orders/queue_positions?market_tickers=${OPEN}&subaccount=${caller.below(2)}`;
      return caller.get(as, path, 'getOrderQueuePositions');
    },
  ],
  [2, (caller, as) => caller.get(as, `/portfolio/balance?subaccount=${caller.below(3)}`, 'getBalance')],
  [2, (caller, as) => caller.get(as, `/portfolio/positions?subaccount=${caller.below(3)}`, 'getPositions')],
  [2, (caller, as) => caller.get(as, '/portfolio/fills', 'getFills')],
  [1, (caller, as) => caller.get(as, '/portfolio/settlements', 'getSettlements')],
  [1, (caller, as) => caller.get(as, '/portfolio/order_groups', 'getOrderGroups')],
  [1, (caller, as) => caller.get(as, '/markets', 'getMarkets')],
  [1, (caller, as) => caller.get(as, '/markets/trades', 'getTrades')],
  // What happens to the exchange.
  [
    10,
    (caller) => {
      const { exchange } = caller;
      exchange.advanceTo(Timestamp.of(exchange.nowMs + caller.pick([1, 1, 100, 900, 3_000])));
    },
  ],
  [0.5, (caller) => caller.exchange.setMarketActive(caller.pick(OPEN), false)],
  [
    4,
    ({ exchange }) => {
      for (const ticker of OPEN) exchange.setMarketActive(ticker, true);
    },
  ],
  [0.2, (caller) => caller.exchange.setTradingActive(false, caller.pick([undefined, 0, 2]))],
  [0.2, (caller) => caller.exchange.setExchangeActive(false, caller.pick([undefined, 0, 2]))],
  [
    4,
    ({ exchange }) => {
      for (const shard of [undefined, 0, 2]) {
        exchange.setTradingActive(true, shard);
        exchange.setExchangeActive(true, shard);
      }
    },
  ],
  [1, (caller) => caller.exchange.updateMarket(caller.pick(OPEN), { floorStrike: '4013.5' })],
  [0.5, (caller) => caller.exchange.updateMarket(caller.pick(OPEN), { grid: caller.pick(RANDOM_GRIDS) })],
  [
    1,
    (caller) => {
      const { eventTicker } = caller.exchange.market(caller.pick(OPEN))!;
      caller.exchange.setEventFees(eventTicker, caller.pick([null, FeeSchedule.QUADRATIC, DEAR]));
    },
  ],
];

const RANDOM_GRIDS = [
  PriceGrid.cent(),
  PriceGrid.finest(),
  PriceGrid.of([{ start: Price.of(0), end: Price.of(10_000), step: 200 }]),
];
const DEAR: FeeSchedule = { type: 'quadratic_with_maker_fees', multiplierMicros: 2_000_000 };

const TOTAL_WEIGHT = ACTS.reduce((sum, [weight]) => sum + weight, 0);
