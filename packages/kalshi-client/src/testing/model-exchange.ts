import {
  ClientOrderId,
  type Clock,
  Count,
  type Fill,
  FillId,
  OrderId,
  type OrderReport,
  Price,
  type Random,
  Ticker,
  Timestamp,
} from '@kalshi-mm/core';
import type { EvidenceSource } from '../evidence.ts';
import { ExchangeRequestError } from '../exchange-error.ts';
import type { OrderRequest, OrderTransport, TransportAnswer } from '../order-transport.ts';
import type { Timer } from '../timer.ts';
import { UNKNOWN_SHARD } from '../wire-order.ts';

interface ModelOrder {
  readonly orderId: string;
  readonly clientOrderId: string;
  readonly ticker: string;
  readonly side: 'bid' | 'ask';
  price: string;
  initial: number;
  filled: number;
  remaining: number;
}

export interface ModelExchange {
  readonly transport: OrderTransport;
  readonly source: EvidenceSource;
  readonly orders: ReadonlyMap<string, ModelOrder>;
  readonly fills: readonly Fill[];
  /** How often a write was hit by each fault. */
  readonly faults: ReadonlyMap<string, number>;
  /** Fills some of what rests. */
  trade(): void;
}

/**
 * An exchange without sockets, whose every move comes from one seed: answers that are lost, late, empty or about
 * another order, writes that arrive after the client has given them up, reads that lag, fills in between.
 */
export function createModelExchange(clock: Clock, timer: Timer, random: Random): ModelExchange {
  const orders = new Map<string, ModelOrder>();
  const fills: Fill[] = [];
  const faults = new Map<string, number>();
  // What the reads show: the state as it was some time ago.
  const history: { atMs: number; orders: ModelOrder[]; fills: number }[] = [];
  const lagMs = random.integer(3) === 0 ? 0 : random.integer(1_500);

  const note = (): void => {
    history.push({
      atMs: clock.now(),
      orders: [...orders.values()].map((order) => ({ ...order })),
      fills: fills.length,
    });
  };
  note();
  const seen = () => history.findLast(({ atMs }) => atMs <= clock.now() - lagMs) ?? history[0]!;

  const carryOut = ({ method, route, body }: OrderRequest): TransportAnswer => {
    const [, , , , id = '', action] = route.path.split('/');
    const wire = body === null ? null : JSON.parse(body);
    const tsMs = clock.now();
    let answer: TransportAnswer;
    if (method === 'POST' && action === undefined) answer = place(wire, tsMs);
    else {
      const order = orders.get(id);
      if (order === undefined || order.remaining === 0) return refuse(404, 'not_found');
      const before = order.remaining;
      if (method === 'DELETE') order.remaining = 0;
      else if (action === 'decrease') order.remaining = Math.min(before, Count.parse(wire.reduce_to));
      else {
        order.price = wire.price;
        order.remaining = Math.max(0, Count.parse(wire.count) - order.filled);
        order.initial = order.filled + order.remaining;
      }
      answer = accept(200, {
        order_id: id,
        reduced_by: Count.format(before),
        remaining_count: Count.format(order.remaining),
        ts_ms: tsMs,
      });
    }
    note();
    return answer;
  };

  const place = (wire: Record<string, string>, tsMs: number): TransportAnswer => {
    const clientOrderId = wire.client_order_id!;
    if ([...orders.values()].some((order) => order.clientOrderId === clientOrderId)) {
      return refuse(409, 'order_already_exists');
    }
    if (random.integer(20) === 0) return refuse(400, 'insufficient_balance');
    const orderId = `X${orders.size + 1}`;
    const initial = Count.parse(wire.count!);
    orders.set(orderId, {
      orderId,
      clientOrderId,
      ticker: wire.ticker!,
      side: wire.side as 'bid' | 'ask',
      price: wire.price!,
      initial,
      filled: 0,
      remaining: initial,
    });
    return accept(201, {
      order_id: orderId,
      client_order_id: clientOrderId,
      fill_count: '0.00',
      remaining_count: wire.count,
      ts_ms: tsMs,
    });
  };

  const hit = (name: string): void => {
    faults.set(name, (faults.get(name) ?? 0) + 1);
  };

  /** Ends an attempt some time from now. */
  const later = (ms: number, end: () => TransportAnswer): Promise<TransportAnswer> =>
    new Promise((done) => {
      timer.after(ms, () => done(end()));
    });

  const lost: TransportAnswer = { kind: 'unknown', message: 'timeout' };

  return {
    orders,
    fills,
    faults,
    transport: {
      send(request) {
        const delay = 1 + random.integer(200);
        const draw = random.integer(14);
        switch (draw) {
          case 0:
            hit('lost before');
            return later(delay, () => lost);
          case 1:
          case 2:
            hit('lost after');
            return later(delay, () => {
              carryOut(request);
              return lost;
            });
          case 3:
            hit('503');
            return later(delay, () => {
              if (random.integer(2) === 0) carryOut(request);
              return { kind: 'answer', status: 503, body: '<html>' };
            });
          case 4:
            hit('empty');
            return later(delay, () => {
              const answer = carryOut(request);
              return answer.kind === 'answer' && answer.status < 300 ? { ...answer, body: '' } : answer;
            });
          case 5:
            hit('arrives after it was given up');
            timer.after(delay + random.integer(1_000), () => carryOut(request));
            return later(delay, () => lost);
          case 6:
            hit('429');
            return later(delay, () => refuse(429, 'too_many_requests'));
          case 7:
            hit('unsent');
            return later(delay, () => ({ kind: 'unsent', message: 'ECONNREFUSED' }));
          default:
            return later(delay, () => carryOut(request));
        }
      },
      close: () => Promise.resolve(),
    },
    source: {
      userDataTimestamp: async () =>
        Timestamp.of(
          seen().atMs === history[0]!.atMs ? Math.max(0, clock.now() - lagMs) : clock.now() - lagMs,
        ),
      async *orders() {
        yield seen().orders.map(toReport);
      },
      async order(orderId) {
        const order = seen().orders.find((one) => one.orderId === orderId);
        if (order !== undefined) return toReport(order);
        const error = { status: 404, code: 'not_found', message: '', details: '' };
        throw new ExchangeRequestError('GET /portfolio/orders/X', error);
      },
      async *fills() {
        yield fills.slice(0, seen().fills);
      },
    },
    trade() {
      for (const order of orders.values()) {
        if (order.remaining === 0 || random.integer(4) > 0) continue;
        const count = Math.min(order.remaining, 100 * (1 + random.integer(5)));
        order.remaining -= count;
        order.filled += count;
        fills.push({
          fillId: FillId.of(`T${fills.length + 1}`),
          orderId: OrderId.of(order.orderId),
          clientOrderId: null,
          ticker: Ticker.of(order.ticker),
          side: order.side,
          price: Price.parse(order.price),
          count: Count.of(count),
          fee: 0 as Fill['fee'],
          role: 'maker',
          exchangeMs: clock.now(),
        });
      }
      note();
    },
  };
}

function toReport(order: ModelOrder): OrderReport {
  return {
    orderId: OrderId.of(order.orderId),
    clientOrderId: ClientOrderId.of(order.clientOrderId),
    ticker: Ticker.of(order.ticker),
    side: order.side,
    price: Price.parse(order.price),
    status: order.remaining > 0 ? 'resting' : order.filled >= order.initial ? 'executed' : 'canceled',
    initial: Count.of(order.initial),
    filled: Count.of(order.filled),
    remaining: Count.of(order.remaining),
    createdMs: null,
    expirationMs: null,
    exchangeIndex: UNKNOWN_SHARD,
  };
}

function accept(status: number, body: object): TransportAnswer {
  return { kind: 'answer', status, body: JSON.stringify(body) };
}

function refuse(status: number, code: string): TransportAnswer {
  return accept(status, { error: { code } });
}
