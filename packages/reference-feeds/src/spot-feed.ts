import { WireError } from '@kalshi-mm/core';
import { WebSocket } from 'ws';
import type { SpotFormat, SpotTick } from './spot-format.ts';

export interface SpotFeedOptions {
  readonly format: SpotFormat;
  /** @default the format's own */
  readonly url?: string;
  readonly symbols: readonly string[];
  readonly onTick?: (tick: SpotTick) => void;
  /** Every frame as it came, before it is decoded; the bytes are valid during the call only. */
  readonly onFrame?: (raw: Buffer) => void;
  /** A connection is open, or has ended. */
  readonly onConnection?: (open: boolean, reason: string) => void;
  readonly log?: (message: string, facts: Readonly<Record<string, unknown>>) => void;
  /** Nothing for this long: the connection is made anew. @default 30000 */
  readonly idleTimeoutMs?: number;
  /** @default 500 */
  readonly reconnectBaseDelayMs?: number;
  /** @default 30000 */
  readonly reconnectMaxDelayMs?: number;
  /** Uniform in [0, 1), for jitter. @default Math.random */
  readonly random?: () => number;
}

export interface SpotFeed {
  readonly stats: { readonly frames: number; readonly malformed: number; readonly connections: number };
  close(): void;
}

/** Looks for life this often per idle time-out. */
const CHECKS = 4;

/** Follows a public feed until it is closed: reconnects for ever, with growing delays. */
export function createSpotFeed(options: SpotFeedOptions): SpotFeed {
  const { format, symbols, log = () => {} } = options;
  const url = options.url ?? format.defaultUrl;
  const idleTimeoutMs = options.idleTimeoutMs ?? 30_000;
  const stats = { frames: 0, malformed: 0, connections: 0 };
  let attempt = 0;
  let closed = false;
  let timer: NodeJS.Timeout | undefined;
  let stop = (): void => {};

  const connect = (): void => {
    const socket = new WebSocket(url, { perMessageDeflate: false, handshakeTimeout: 10_000 });
    let quietChecks = 0;
    let isOpen = false;
    let over = false;
    const watch = setInterval(() => {
      if (++quietChecks > CHECKS) end(`nothing came for ${idleTimeoutMs} ms`);
    }, idleTimeoutMs / CHECKS);
    const end = (reason: string): void => {
      if (over) return;
      over = true;
      clearInterval(watch);
      socket.terminate();
      if (isOpen) options.onConnection?.(false, reason);
      if (closed) return;
      const delayMs = backoffMs(attempt++, options);
      log('the spot feed ended and will be made again', { feed: format.name, reason, delayMs });
      timer = setTimeout(connect, delayMs);
    };
    stop = () => end('closed by this side');
    socket.on('open', () => {
      isOpen = true;
      stats.connections++;
      options.onConnection?.(true, '');
      for (const message of format.subscribe(symbols)) socket.send(JSON.stringify(message));
    });
    socket.on('message', (raw: Buffer) => {
      if (over) return;
      quietChecks = 0;
      attempt = 0;
      stats.frames++;
      options.onFrame?.(raw);
      if (options.onTick !== undefined) take(raw, options.onTick);
    });
    socket.on('ping', () => {
      quietChecks = 0;
    });
    socket.on('error', (error) => end(error.message));
    socket.on('close', (code) => end(`closed with code ${code}`));
  };

  const take = (raw: Buffer, onTick: (tick: SpotTick) => void): void => {
    let tick: SpotTick | null;
    try {
      tick = format.decode(JSON.parse(raw.toString('utf8')));
    } catch (error) {
      if (!(error instanceof WireError || error instanceof SyntaxError)) throw error;
      stats.malformed++;
      log('a frame of the spot feed cannot be read', { feed: format.name, problem: error.message });
      return;
    }
    if (tick !== null) onTick(tick);
  };

  connect();
  return {
    stats,
    close() {
      closed = true;
      clearTimeout(timer);
      stop();
    },
  };
}

/** Exponential, and of that between a half and the whole. */
function backoffMs(attempt: number, options: SpotFeedOptions): number {
  const { reconnectBaseDelayMs: base = 500, reconnectMaxDelayMs: most = 30_000 } = options;
  const full = Math.min(most, base * 2 ** Math.min(attempt, 30));
  return Math.round(full / 2 + (full / 2) * (options.random ?? Math.random)());
}
