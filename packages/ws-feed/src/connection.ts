import { EventEmitter } from 'eventemitter3';
import { type ClientOptions, WebSocket } from 'ws';

export interface ConnectionOptions {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Without a frame, ping or pong for this long the connection counts as dead. */
  readonly idleTimeoutMs: number;
  readonly pingIntervalMs: number;
  readonly handshakeTimeoutMs: number;
  readonly openSocket: OpenSocket;
}

/** Makes the socket, e.g. one through a proxy. */
export type OpenSocket = (url: string, options: ClientOptions) => WebSocket;

/** Why a connection ended; `status` is the answer to the upgrade request when that was not 101. */
export interface ConnectionEnd {
  readonly reason: string;
  readonly status: number | null;
}

interface ConnectionEvents {
  open: [];
  frame: [data: Buffer];
  /** Something that is not a frame shows that the other side lives. */
  heartbeat: [];
  /** Once, and nothing after it. */
  end: [end: ConnectionEnd];
}

/** Looks for life this often per idle time-out. */
const CHECKS = 4;

/** One WebSocket from the upgrade to its end; never comes back. */
export class Connection extends EventEmitter<ConnectionEvents> {
  readonly #socket: WebSocket;
  readonly #watch: NodeJS.Timeout;
  readonly #pings: NodeJS.Timeout;
  #quietChecks = 0;
  #ended = false;

  constructor(options: ConnectionOptions) {
    super();
    this.#socket = options.openSocket(options.url, {
      headers: { ...options.headers },
      perMessageDeflate: false,
      handshakeTimeout: options.handshakeTimeoutMs,
      maxPayload: 64 * 1024 * 1024,
    });
    const socket = this.#socket;
    socket.on('open', () => this.emit('open'));
    socket.on('message', (data: Buffer) => {
      this.#quietChecks = 0;
      if (!this.#ended) this.emit('frame', data);
    });
    socket.on('ping', () => this.#heartbeat());
    socket.on('pong', () => this.#heartbeat());
    socket.on('unexpected-response', (_request, response) => {
      response.resume();
      this.end(`the exchange answered ${response.statusCode} to the upgrade`, response.statusCode ?? null);
    });
    socket.on('error', (error) => this.end(error.message));
    socket.on('close', (code, reason) => this.end(`closed with code ${code} ${reason.toString()}`.trim()));
    // Counted in looks and not in clock time: a clock that jumps, or a process that was asleep, ends nothing.
    // Often enough that an answer comes before the connection would count as dead.
    const pingMs = Math.min(options.pingIntervalMs, options.idleTimeoutMs / 2);
    this.#pings = setInterval(() => this.#ping(), pingMs);
    this.#watch = setInterval(() => this.#look(options.idleTimeoutMs), options.idleTimeoutMs / CHECKS);
  }

  send(command: object): void {
    if (this.#socket.readyState === WebSocket.OPEN) this.#socket.send(JSON.stringify(command));
  }

  /** Ends the connection at once, without waiting for the other side. */
  end(reason: string, status: number | null = null): void {
    if (this.#ended) return;
    this.#ended = true;
    clearInterval(this.#watch);
    clearInterval(this.#pings);
    this.#socket.terminate();
    this.emit('end', { reason, status });
  }

  #heartbeat(): void {
    this.#quietChecks = 0;
    if (!this.#ended) this.emit('heartbeat');
  }

  #look(idleTimeoutMs: number): void {
    this.#quietChecks++;
    if (this.#quietChecks > CHECKS) this.end(`nothing came for ${idleTimeoutMs} ms`);
  }

  #ping(): void {
    if (this.#socket.readyState === WebSocket.OPEN) this.#socket.ping();
  }
}
