import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { getRequestListener } from '@hono/node-server';
import { MmError, Money, Timestamp } from '@kalshi-mm/core';
import {
  type Auditor,
  createAuditor,
  nextMaintenance,
  type ShardFunding,
  type SimulatedExchange,
  scheduleWeeklyMaintenance,
} from '@kalshi-mm/simulator';
import { WebSocketServer } from 'ws';
import type { LocalUser } from './access/account.ts';
import { ApiKeys } from './access/api-keys.ts';
import { RateLimiter } from './access/rate-limiter.ts';
import { Tiers } from './access/tiers.ts';
import { type Control, createControl } from './control/create-control.ts';
import { ExchangeWallClock } from './faults/exchange-wall-clock.ts';
import { Faults, type LocalFaults } from './faults/faults.ts';
import { RestFaults } from './faults/rest-faults.ts';
import { StaleReads } from './faults/stale-reads.ts';
import { VenueFaults } from './faults/venue/venue-faults.ts';
import { acceptUpgrades, WS_PATH } from './feed/accept-upgrades.ts';
import { Feed } from './feed/feed.ts';
import { listen } from './listen.ts';
import type { LocalExchangeOptions } from './options.ts';
import { Records } from './records/records.ts';
import { createRestApp, type RestHost } from './rest/create-rest-app.ts';
import { PREFIX } from './rest/endpoint.ts';
import { HTTP_LIMITS, serverOptions } from './rest/http-limits.ts';
import { Pump } from './time/pump.ts';
import { SimulatedClock } from './time/simulated-clock.ts';
import { WallTimers } from './time/wall-timers.ts';
import { WireLatency } from './time/wire-latency.ts';
import { incentiveTerms } from './wire/incentive-program.ts';
import { createWorld } from './world/create-world.ts';
import { NO_REFERENCE } from './world/no-reference.ts';
import type { World } from './world/world.ts';

/** A running local Kalshi. */
export interface LocalExchange {
  /** Ends in `/trade-api/v2`. */
  readonly restUrl: string;
  /** Ends in `/trade-api/ws/v2`. */
  readonly wsUrl: string;
  readonly port: number;
  /** The exchange behind the wire, for checks and for moving its markets: `exchange.fills(userId)` and so on. */
  readonly exchange: SimulatedExchange;
  /** Makes single faults happen, and counts those that have. */
  readonly faults: LocalFaults;
  /** The control port; null unless asked for. */
  readonly control: Pick<Control, 'controlUrl' | 'controlToken'> | null;
  /** Lets time run, if nobody with a key has called yet. */
  start(): void;
  /** Brings the exchange to the present now instead of at the next timer. */
  turn(): void;
  /** Ends every connection, frees the port and closes the tape. May be called again. */
  close(): Promise<void>;
}

/**
 * Starts a local Kalshi: REST and WebSocket on a loopback port, over a synthetic or a recorded world.
 *
 * @throws MmError `port-in-use`, `bad-option`, `bad-fault`, `bad-public-key`, or what the world's files are refused for
 */
export async function createLocalExchange(options: LocalExchangeOptions): Promise<LocalExchange> {
  const speed = options.speed ?? 1;
  if (!(speed > 0) || !Number.isFinite(speed)) {
    throw new MmError('bad-option', `Speed must be a positive number, found ${speed}`, {
      todo: 'Give simulated seconds per second: 1 is real time, 60 a minute per second.',
    });
  }
  const faults = new Faults(options.faults ?? {});
  const keys = new ApiKeys(options.users);
  const world = createWorld(options.world);
  try {
    // It has to hear of every user and market from the start, which a world of the caller's own may have had already.
    const auditor =
      options.control === undefined || options.world.kind === 'custom' ? null : attachAuditor(world.exchange);
    addUsers(world.exchange, options);
    for (const row of options.incentivePrograms ?? []) {
      world.exchange.addIncentiveProgram(incentiveTerms(row), row.paid_out);
    }
    return await serve(world, keys, faults, auditor, speed, options);
  } catch (error) {
    world.close();
    throw error;
  }
}

async function serve(
  world: World,
  keys: ApiKeys,
  faults: Faults,
  auditor: Auditor | null,
  speed: number,
  options: LocalExchangeOptions,
): Promise<LocalExchange> {
  const { exchange } = world;
  const reference = world.reference ?? NO_REFERENCE;
  const wallClock = options.wallClock ?? Date.now;
  const hostName = options.host ?? '127.0.0.1';
  const http = { ...HTTP_LIMITS, ...options.http };
  const clock = new SimulatedClock(exchange.nowMs, speed, wallClock);
  const latency = new WireLatency(exchange, clock, options.latency ?? {});
  const server = createServer(serverOptions(http));
  await listen(server, hostName, options.port ?? 0);
  const timers = new WallTimers(wallClock);
  const feedOptions = { ...FEED_DEFAULTS, ...options.feed };
  const feed = new Feed(
    exchange,
    wallClock,
    feedOptions,
    { faults, timers, speed: () => clock.speed },
    reference,
  );
  keys.onRemoved = (keyId) => feed.dropKey(keyId);
  // A generated world pauses by itself.
  if (options.weeklyMaintenance && !reference.weeklyMaintenance) scheduleWeeklyMaintenance(exchange);
  if (options.postOnlyCross !== undefined) exchange.postOnlyCross = options.postOnlyCross;
  const stale = staleReads(exchange, faults, options);
  if (options.maintenanceCutsFeed) planCut(exchange, feed);
  const records = new Records(exchange, world.reference ?? NO_REFERENCE, options);
  const stopListening = exchange.addListener((output) => {
    records.take(output);
    feed.publish(output);
  });
  const weeklyMaintenance = reference.weeklyMaintenance || (options.weeklyMaintenance ?? false);
  const statedClock = new ExchangeWallClock(wallClock, faults.options.clockSkewMs);
  new VenueFaults(exchange, faults, statedClock, weeklyMaintenance);
  planFaults(exchange, faults);
  const pump = new Pump(world, clock, {
    before: () => feed.cork(),
    after: () => {
      stale?.record();
      feed.flush();
    },
    onCrash: options.onError ?? rethrow,
  });
  const tiers = new Tiers(options.tier ?? 'advanced');
  const host: RestHost = {
    exchange,
    speed: () => (clock.isPaused ? 0 : clock.speed),
    keys,
    wallClock,
    statedClock: statedClock.now,
    tiers,
    limiter: new RateLimiter(tiers),
    catchUp: () => pump.turn(),
    onSigned: () => clock.start(),
    records,
    weeklyMaintenance,
    tooManyRequests: options.tooManyRequests ?? 'nested',
    mostBodyBytes: http.mostBodyBytes,
    reference: reference,
    faults: new RestFaults(faults, stale, timers, () => clock.speed),
    latency,
  };
  const sockets = new WebSocketServer({
    noServer: true,
    perMessageDeflate: feedOptions.compression,
    maxPayload: 1 << 20,
  });
  server.on('request', getRequestListener(createRestApp(host).fetch, { overrideGlobalObjects: false }));
  server.on('upgrade', acceptUpgrades(host, sockets, feed));
  if (options.startImmediately) clock.start();
  pump.start();
  const users = [...new Set(options.users.map(({ userId }) => userId))];
  const control =
    options.control === undefined
      ? null
      : await createControl({ exchange, clock, pump, faults, auditor, users }, options.control).catch(
          (error) => {
            pump.stop();
            stopListening();
            feed.close();
            server.close();
            throw error;
          },
        );

  const { port } = server.address() as AddressInfo;
  const authority = `${hostName === '::1' ? '[::1]' : hostName}:${port}`;
  let closing: Promise<void> | null = null;
  return {
    restUrl: `http://${authority}${PREFIX}`,
    wsUrl: `ws://${authority}${WS_PATH}`,
    port,
    exchange,
    faults,
    control,
    start: () => clock.start(),
    turn: () => pump.turn(),
    close() {
      closing ??= (async () => {
        pump.stop();
        timers.close();
        control?.close();
        stopListening();
        feed.close();
        sockets.close();
        await shut(server, feed);
        world.close();
      })();
      return closing;
    },
  };
}

const FEED_DEFAULTS = {
  pingEveryMs: 10_000,
  dropAfterMs: 30_000,
  maxBufferedBytes: 16 << 20,
  maxCommandsPerSecond: 10_000,
  maxMarkets: 500_000,
  sendingTs: false,
  compression: false,
};

/** Several keys may share an account; its cash is that of its first entry. */
function addUsers(exchange: SimulatedExchange, { users }: LocalExchangeOptions): void {
  const added = new Set<string>();
  for (const { userId, cashDollars } of users) {
    if (!added.has(userId)) exchange.addUser(userId, cashOf(cashDollars));
    added.add(userId);
  }
}

function cashOf(cash: LocalUser['cashDollars']): Money | ShardFunding[] {
  if (typeof cash === 'number') return Money.fromDollars(cash);
  return Object.entries(cash).map(([shard, amount]) => ({
    exchangeIndex: Number(shard),
    cash: Money.fromDollars(amount),
  }));
}

function attachAuditor(exchange: SimulatedExchange): Auditor {
  const auditor = createAuditor();
  for (const market of exchange.markets()) {
    auditor.hear({ type: 'market', change: 'created', market, atMs: exchange.nowMs });
  }
  exchange.addListener(auditor.hear);
  return auditor;
}

function staleReads(
  exchange: SimulatedExchange,
  faults: Faults,
  { users }: LocalExchangeOptions,
): StaleReads | null {
  const { staleReadsMs } = faults.options;
  if (staleReadsMs === 0) return null;
  return new StaleReads(exchange, staleReadsMs, new Set(users.map(({ userId }) => userId)));
}

/** At the beginning of every maintenance from now on. */
function planCut(exchange: SimulatedExchange, feed: Feed): void {
  const { startMs, endMs } = nextMaintenance(exchange.nowMs);
  exchange.schedule(startMs, () => feed.terminate());
  exchange.schedule(endMs, () => planCut(exchange, feed));
}

/** The script's faults wait from their moment on for something that fits. */
function planFaults(exchange: SimulatedExchange, faults: Faults): void {
  const startMs = exchange.nowMs;
  for (const { fault, afterMs, times, match } of faults.options.script) {
    const inject = (): void => faults.inject(fault, { times, ...(match === undefined ? {} : { match }) });
    if (afterMs === 0) inject();
    else exchange.schedule(Timestamp.of(startMs + Math.floor(afterMs)), inject);
  }
}

/** Gives clients a moment to close by themselves, then ends what is left. */
function shut(server: Server, feed: Feed): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => {
      feed.terminate();
      server.closeAllConnections();
    }, 200);
    server.close(() => {
      clearTimeout(timer);
      resolve();
    });
    server.closeIdleConnections();
  });
}

function rethrow(error: unknown): never {
  throw error;
}
