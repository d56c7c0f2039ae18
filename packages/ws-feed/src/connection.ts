import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { EventEmitter } from 'eventemitter3';
import { type ClientOptions, WebSocket } from 'ws';
import { FrameReader } from './frame-reader.ts';

export interface ConnectionOptions {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Without a frame, ping or pong for this long the connection counts as dead. */
  readonly idleTimeoutMs: number;
  readonly pingIntervalMs: number;
  readonly handshakeTimeoutMs: number;
  readonly openSocket: OpenSocket;
  /** Something came; told before what it is. */
  onArrival(): void;
  /** A text message: the bytes of `bytes` from `start` to `end`. */
  onFrame(bytes: Buffer, start: number, end: number): void;
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
  /** Once, and nothing after it. */
  end: [end: ConnectionEnd];
}

/** Looks for life this often per idle time-out. */
const CHECKS = 4;
const MAX_MESSAGE_BYTES = 64 * 1024 * 1024;
const CLOSE = 0x88;

/**
 * One WebSocket from the upgrade to its end; never comes back. `ws` makes it and answers for it; whole text messages are
 * read beside it.
 */
export class Connection extends EventEmitter<ConnectionEvents> {
  readonly #options: ConnectionOptions;
  readonly #socket: WebSocket;
  #reader: FrameReader | null = null;
  readonly #watch: NodeJS.Timeout;
  readonly #pings: NodeJS.Timeout;
  #quietChecks = 0;
  #ended = false;

  constructor(options: ConnectionOptions) {
    super();
    this.#options = options;
    this.#socket = options.openSocket(options.url, {
      headers: { ...options.headers },
      perMessageDeflate: false,
      handshakeTimeout: options.handshakeTimeoutMs,
      maxPayload: MAX_MESSAGE_BYTES,
    });
    const socket = this.#socket;
    let stream: Duplex | null = null;
    socket.on('upgrade', (response: IncomingMessage) => {
      stream = response.socket;
    });
    socket.on('open', () => {
      if (stream !== null) this.#readBeside(stream);
      this.emit('open');
    });
    socket.on('message', (data: Buffer) => {
      this.#arrived();
      if (!this.#ended) options.onFrame(data, 0, data.length);
    });
    socket.on('ping', () => this.#arrived());
    socket.on('pong', () => this.#arrived());
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
    this.#reader?.stop();
    this.#socket.terminate();
    this.emit('end', { reason, status });
  }

  /**
   * Stands between the stream and `ws`: text messages go straight to their reader, pings, pongs and the close to `ws`,
   * which also takes over whatever else there may be.
   */
  #readBeside(stream: Duplex): void {
    const [theirs, ...others] = stream.listeners('data') as ((chunk: Buffer) => void)[];
    // Not the stream as we know it: `ws` then reads everything.
    if (theirs === undefined || others.length > 0) return;
    const reader = new FrameReader(
      {
        onText: this.#options.onFrame,
        onControl: (frame) => {
          if (frame[0] === CLOSE) reader.stop();
          theirs.call(stream, frame);
        },
        onOther: (bytes) => {
          stream.on('data', theirs);
          stream.off('data', read);
          theirs.call(stream, bytes);
        },
      },
      MAX_MESSAGE_BYTES,
    );
    const read = (chunk: Buffer): void => {
      this.#arrived();
      reader.read(chunk);
    };
    stream.on('data', read);
    stream.off('data', theirs);
    this.#reader = reader;
  }

  #arrived(): void {
    this.#quietChecks = 0;
    if (!this.#ended) this.#options.onArrival();
  }

  #look(idleTimeoutMs: number): void {
    this.#quietChecks++;
    if (this.#quietChecks > CHECKS) this.end(`nothing came for ${idleTimeoutMs} ms`);
  }

  #ping(): void {
    if (this.#socket.readyState === WebSocket.OPEN) this.#socket.ping();
  }
}
