import type {
  CancelOrder,
  Clock,
  Command,
  EventSink,
  ExecutionPort,
  MmError,
  OrderEvent,
  PlaceOrder,
  Price,
} from '@kalshi-mm/core';
import { boundedMap } from './bounded-map.ts';
import { createEvidence, type EvidenceSource, type Freshness } from './evidence.ts';
import { interpretAnswer, type Outcome } from './interpret-answer.ts';
import { orderRequest } from './order-request.ts';
import { createOrderTransport, type OrderTransport } from './order-transport.ts';
import { createPatience } from './patience.ts';
import { resolveCancel } from './resolve-cancel.ts';
import { resolveChange } from './resolve-change.ts';
import { type ResolveContext, resolvePlace } from './resolve-place.ts';
import type { Signer } from './signer.ts';
import { systemTimer, type Timer } from './timer.ts';
import type { TokenBuckets } from './token-buckets.ts';
import type { Priority } from './token-lane.ts';

export interface ExecutionOptions {
  readonly restUrl: string;
  readonly signer: Signer;
  /** Where unknown outcomes are looked up. */
  readonly client: EvidenceSource;
  readonly buckets: TokenBuckets;
  readonly sink: EventSink;
  /** Stamps events; the exchange's own time where it differs from the wall, as on a local exchange. */
  readonly clock: Clock;
  /** Signs requests: real time, to a few seconds. @default clock */
  readonly wallClock?: Clock;
  /** @default systemTimer */
  readonly timer?: Timer;
  /** One attempt, from the moment that it is on a connection. @default 5000 */
  readonly timeoutMs?: number;
  /** How long `drain` waits for unknown outcomes. @default 10000 */
  readonly drainDeadlineMs?: number;
  /** Between reads while an outcome is unknown. @default 250, doubling up to 5000 */
  readonly resolvePauseMs?: { readonly first: number; readonly max: number };
  readonly freshness?: Freshness;
  /** Told of every read that failed while an outcome was being looked up; the search goes on. */
  readonly onTrouble?: (error: MmError) => void;
  /** Connections that others use too; closed with the port. @default its own */
  readonly transport?: OrderTransport;
}

/** The execution port on the real exchange. */
export interface KalshiExecution extends ExecutionPort {
  /** How long a quote placed now would wait for tokens, on its shard or, without one, where the wait is longest. */
  backpressureMs(shard?: number): number;
  /** Requests without a known outcome. */
  openRequests(): number;
  /** Stops looking for outcomes, closes the buckets and the connections. `drain` first; may be called again. */
  close(): Promise<void>;
}

/**
 * Sends commands as V2 orders and turns answers into events. Cancels go before everything else. An outcome that
 * is not known becomes `order.unconfirmed` and is then looked up until there is proof; a create is sent once.
 */
export function createExecution(options: ExecutionOptions): KalshiExecution {
  const { buckets, sink, clock, timer = systemTimer } = options;
  const { pathname } = new URL(options.restUrl);
  const base = pathname.replace(/\/$/, '');
  const transport =
    options.transport ?? createOrderTransport({ ...options, clock: options.wallClock ?? clock });
  const patience = createPatience({
    timer,
    firstPauseMs: options.resolvePauseMs?.first ?? 250,
    maxPauseMs: options.resolvePauseMs?.max ?? 5_000,
    onTrouble: options.onTrouble ?? (() => undefined),
  });
  const freshness = options.freshness ?? { marginMs: 2_000, blindMarginMs: 15_000 };
  const context: ResolveContext = {
    evidence: createEvidence(options.client, clock, freshness),
    patience,
    clock,
  };
  const prices = boundedMap<string, Price>(REMEMBERED);
  const placed = boundedMap<string, 'open' | 'done'>(REMEMBERED);
  const open = new Set<Promise<void>>();
  let closing: Promise<void> | null = null;

  const attempt = async (command: Command): Promise<Outcome> => {
    const request = orderRequest(command);
    const priority = priorityOf(command);
    const metered = {
      method: request.method,
      path: `${base}${request.route.name}`,
      priority,
      shard: command.exchangeIndex,
    };
    for (let tries = 1; ; tries++) {
      const lease = await buckets.write(metered);
      if (lease === null) return notSent(command, clock);
      const answer = await transport.send(request, priority === 'cancel');
      lease();
      if (answer.kind === 'answer' && answer.status === 429) buckets.emptied('write', command.exchangeIndex);
      const known = 'orderId' in command ? (prices.get(command.orderId) ?? null) : null;
      const outcome = interpretAnswer(command, answer, known, clock.now());
      if (outcome.kind !== 'rate-limited' || tries === MAX_TRIES_LIMITED) return outcome;
    }
  };

  const emit = (event: OrderEvent, price: Price | null): void => {
    if (event.type === 'order.accepted' && price !== null) prices.set(event.orderId, price);
    if (event.type === 'order.amended') prices.set(event.orderId, event.price);
    if (event.type === 'order.canceled') prices.delete(event.orderId);
    sink(event);
  };

  const run = async (command: Command): Promise<void> => {
    if (command.type !== 'order.place') return settle(command);
    const { clientOrderId } = command;
    // Commanded twice: the outcome of the first tells.
    if (placed.get(clientOrderId) === 'open') return;
    if (!placed.has(clientOrderId)) placed.set(clientOrderId, 'open');
    await settle(command);
    placed.set(clientOrderId, 'done');
  };

  const settle = async (command: Command): Promise<void> => {
    const startedMs = clock.now();
    const outcome = await firstOutcome(command);
    const price = command.type === 'order.place' ? command.price : null;
    if (outcome.kind === 'settled') {
      emit(outcome.event, price);
      return;
    }
    const endedMs = clock.now();
    if (command.type === 'order.cancel' && outcome.kind === 'rate-limited') {
      emit(cancelLimited(command, clock), price);
      return;
    }
    const isDuplicate = outcome.kind === 'duplicate';
    if (isDuplicate || outcome.kind === 'unknown') sink(unconfirmed(command, outcome.message, clock));
    const event = await resolve(command, { startedMs, endedMs, isDuplicate });
    if (event !== null) emit(event, price);
  };

  const firstOutcome = (command: Command): Promise<Outcome> => {
    if (command.type !== 'order.place') return attempt(command);
    if (!ALLOWED_ID.test(command.clientOrderId)) return Promise.resolve(badId(command, clock));
    if (placed.get(command.clientOrderId) === 'open') return attempt(command);
    return Promise.resolve({ kind: 'duplicate', message: 'sent before in this run' });
  };

  const resolve = (
    command: Command,
    doubt: Parameters<typeof resolvePlace>[2],
  ): Promise<OrderEvent | null> => {
    switch (command.type) {
      case 'order.place':
        return resolvePlace(context, command, doubt);
      case 'order.cancel':
        return resolveCancel(context, command, doubt.endedMs, () => attempt(command));
      default:
        return resolveChange(context, command, doubt.endedMs);
    }
  };

  return {
    send(commands) {
      for (const command of commands) {
        const running = run(command).finally(() => open.delete(running));
        open.add(running);
      }
    },
    async drain() {
      if (open.size === 0) return;
      let callOff = (): void => undefined;
      const deadline = new Promise<void>((done) => {
        callOff = timer.after(options.drainDeadlineMs ?? 10_000, done);
      });
      await Promise.race([Promise.all(open), deadline]);
      callOff();
    },
    backpressureMs: buckets.backpressureMs,
    openRequests: () => open.size,
    close() {
      closing ??= (async () => {
        patience.close();
        buckets.close();
        await Promise.all(open);
        await transport.close();
      })();
      return closing;
    },
  };
}

/** More than the exchange lets an account have open. */
const REMEMBERED = 250_000;
/** A cancel, amend or decrease that met an empty bucket did nothing, so it is sent again this often. */
const MAX_TRIES_LIMITED = 3;
/** The exchange refuses other characters. */
const ALLOWED_ID = /^[A-Za-z0-9_-]+$/;

/** Getting out comes before getting in. */
function priorityOf(command: Command): Priority {
  if (command.type === 'order.cancel') return 'cancel';
  // Less at risk, in one step.
  if (command.type === 'order.decrease') return 'exit';
  return command.type === 'order.place' && command.purpose === 'exit' ? 'exit' : 'quote';
}

function unconfirmed(command: Command, message: string, clock: Clock): OrderEvent {
  const request = command.type.slice(6) as 'place' | 'amend' | 'decrease' | 'cancel';
  const { clientOrderId, ticker } = command;
  return { type: 'order.unconfirmed', clientOrderId, ticker, request, message, atMs: clock.now() };
}

function notSent(command: Command, clock: Clock): Outcome {
  const message = 'not sent: too many requests are waiting for tokens, or the port is closed';
  if (command.type === 'order.cancel') return { kind: 'settled', event: cancelLimited(command, clock) };
  if (command.type !== 'order.place') return { kind: 'look', message };
  const { clientOrderId, ticker } = command;
  const atMs = clock.now();
  return {
    kind: 'settled',
    event: { type: 'order.rejected', clientOrderId, ticker, reason: 'rate-limited', message, atMs },
  };
}

function cancelLimited({ clientOrderId, ticker }: CancelOrder, clock: Clock): OrderEvent {
  return { type: 'cancel.rejected', clientOrderId, ticker, reason: 'rate-limited', atMs: clock.now() };
}

function badId({ clientOrderId, ticker }: PlaceOrder, clock: Clock): Outcome {
  const message = `not sent: the exchange accepts letters, digits, "_" and "-" in an order's name`;
  const atMs = clock.now();
  return {
    kind: 'settled',
    event: { type: 'order.rejected', clientOrderId, ticker, reason: 'invalid-order', message, atMs },
  };
}
