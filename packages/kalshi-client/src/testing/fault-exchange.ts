import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Price } from '@kalshi-mm/core';

/** How one write is treated: whether it is carried out, and what the client gets to see of that. */
export interface Fault {
  readonly isCarriedOut: boolean;
  readonly reply:
    | 'ok'
    | 'reset'
    | 'silence'
    | 'empty'
    | 'other-order'
    | { readonly status: number; readonly body: string };
}

export interface RestingOrder {
  order_id: string;
  client_order_id: string;
  ticker: string;
  book_side: 'bid' | 'ask';
  status: string;
  yes_price_dollars: string;
  no_price_dollars: string;
  taker_fill_cost_dollars: string;
  maker_fill_cost_dollars: string;
  taker_fees_dollars: string;
  maker_fees_dollars: string;
  initial_count_fp: string;
  fill_count_fp: string;
  remaining_count_fp: string;
  exchange_index: number;
}

/** What the client sent; only the fields that are used here. */
export interface WireBody {
  readonly ticker: string;
  readonly client_order_id: string;
  readonly side: 'bid' | 'ask';
  readonly count: string;
  readonly price: string;
  readonly reduce_to: string;
}

export interface FaultExchange {
  readonly restUrl: string;
  /** Every write received, as `POST /portfolio/events/orders a-1` or `DELETE …/{id}?…`. */
  readonly writes: readonly {
    readonly method: string;
    readonly path: string;
    readonly body: WireBody | null;
  }[];
  readonly orders: Map<string, RestingOrder>;
  readonly fills: object[];
  /** Faults of the coming writes, in order; writes beyond them work. */
  readonly faults: Fault[];
  /** Orders left out of the list although they exist: a list that lags. */
  readonly unlisted: Set<string>;
  /** How far the account's data lags behind now; negative: ahead, so that any read is fresh. */
  lagMs: number;
  /** Resolves when the order list has been read so often in all. */
  untilListReads(reads: number): Promise<void>;
  close(): Promise<void>;
}

/**
 * A small exchange that misbehaves on order, on a real socket: resets, silence, 5xx, answers without a body. It
 * checks nothing that is asked of it.
 */
export async function startFaultExchange(): Promise<FaultExchange> {
  const writes: { method: string; path: string; body: WireBody | null }[] = [];
  const orders = new Map<string, RestingOrder>();
  const state = {
    writes,
    orders,
    fills: [] as object[],
    faults: [] as Fault[],
    unlisted: new Set<string>(),
    lagMs: -60_000,
  };
  let listReads = 0;
  const waiting: (() => void)[] = [];
  const server = createServer((request, response) => {
    void readBody(request).then((text) => {
      const url = new URL(request.url ?? '/', 'http://localhost');
      const path = url.pathname.slice('/trade-api/v2'.length);
      if (request.method === 'GET') {
        if (path === '/portfolio/orders') {
          listReads++;
          for (const wake of waiting.splice(0)) wake();
        }
        const answer = read(state, path);
        send(response, answer === null ? 404 : 200, answer ?? { error: { code: 'not_found' } });
        return;
      }
      const body = text === '' ? null : JSON.parse(text);
      writes.push({ method: request.method ?? '', path: `${path}${url.search}`, body });
      const fault = state.faults.shift() ?? { isCarriedOut: true, reply: 'ok' };
      const answer = write(state, path, body, fault.isCarriedOut);
      reply(request, response, fault, answer);
    });
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const { port } = server.address() as AddressInfo;
  return Object.assign(state, {
    restUrl: `http://127.0.0.1:${port}/trade-api/v2`,
    async untilListReads(reads: number) {
      while (listReads < reads) await new Promise<void>((wake) => waiting.push(wake));
    },
    close: () =>
      new Promise<void>((closed) => {
        server.close(() => closed());
        server.closeAllConnections();
      }),
  });
}

interface Answer {
  readonly status: number;
  readonly body: object;
}

type State = Omit<FaultExchange, 'restUrl' | 'close' | 'untilListReads'>;

function read({ orders, fills, unlisted, lagMs }: State, path: string): object | null {
  if (path === '/exchange/user_data_timestamp') {
    return { as_of_time: new Date(Date.now() - lagMs).toISOString() };
  }
  if (path === '/portfolio/orders') {
    return { orders: [...orders.values()].filter((order) => !unlisted.has(order.order_id)), cursor: '' };
  }
  if (path === '/portfolio/fills') return { fills, cursor: '' };
  const order = orders.get(path.slice('/portfolio/orders/'.length));
  return order === undefined ? null : { order };
}

function write({ orders }: State, path: string, body: WireBody | null, isCarriedOut: boolean): Answer {
  const [, , , , id = '', action] = path.split('/');
  if (body !== null && action === undefined) {
    const taken = [...orders.values()].some((order) => order.client_order_id === body.client_order_id);
    if (taken) return { status: 409, body: { error: { code: 'order_already_exists' } } };
    const orderId = `X${orders.size + 1}`;
    if (isCarriedOut) orders.set(orderId, newOrder(orderId, body));
    return {
      status: 201,
      body: { order_id: orderId, fill_count: '0.00', remaining_count: body.count, ts_ms: Date.now() },
    };
  }
  const order = orders.get(id);
  if (order === undefined || order.status !== 'resting') {
    return { status: 404, body: { error: { code: 'not_found', message: 'not found' } } };
  }
  const reduced = order.remaining_count_fp;
  if (isCarriedOut) change(order, action, body);
  return {
    status: 200,
    body: {
      order_id: id,
      remaining_count: order.remaining_count_fp,
      reduced_by: reduced,
      ts_ms: Date.now(),
    },
  };
}

/** The NO price of a YES price, both as the wire writes them. */
function complementOf(price: string): string {
  return Price.format(Price.complement(Price.parse(price)));
}

function newOrder(orderId: string, body: WireBody): RestingOrder {
  return {
    order_id: orderId,
    client_order_id: body.client_order_id,
    ticker: body.ticker,
    book_side: body.side,
    status: 'resting',
    yes_price_dollars: body.price,
    no_price_dollars: complementOf(body.price),
    taker_fill_cost_dollars: '0.000000',
    maker_fill_cost_dollars: '0.000000',
    taker_fees_dollars: '0.000000',
    maker_fees_dollars: '0.000000',
    initial_count_fp: body.count,
    fill_count_fp: '0.00',
    remaining_count_fp: body.count,
    exchange_index: 0,
  };
}

function change(order: RestingOrder, action: string | undefined, body: WireBody | null): void {
  if (body !== null && action === 'amend') {
    order.yes_price_dollars = body.price;
    order.no_price_dollars = complementOf(body.price);
    order.remaining_count_fp = body.count;
  } else if (body !== null && action === 'decrease') {
    order.remaining_count_fp = body.reduce_to;
  } else {
    order.status = 'canceled';
    order.remaining_count_fp = '0.00';
  }
}

function reply(
  request: IncomingMessage,
  response: ServerResponse,
  { reply: how }: Fault,
  answer: Answer,
): void {
  if (how === 'reset') request.socket.resetAndDestroy();
  else if (how === 'silence') return;
  else if (how === 'empty') response.writeHead(answer.status).end();
  else if (how === 'other-order') send(response, answer.status, { ...answer.body, order_id: 'another' });
  else if (how === 'ok') send(response, answer.status, answer.body);
  else response.writeHead(how.status, { 'content-type': 'text/html' }).end(how.body);
}

function send(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

async function readBody(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of request) text += chunk;
  return text;
}
