/** Where a reader puts what it finds. */
export interface FrameReaderPort {
  /** A whole text message: the bytes of `bytes` from `start` to `end`, neither copied nor checked. */
  onText(bytes: Buffer, start: number, end: number): void;
  /** A whole ping, pong or close, header included. */
  onControl(frame: Buffer): void;
  /**
   * Something that this reader does not read: a message in parts, binary, compressed, masked, or longer than allowed.
   * Told once, with everything that has come since; the reader must not be given what comes later.
   */
  onOther(bytes: Buffer): void;
}

/**
 * Cuts the bytes of a WebSocket connection into text messages (RFC 6455, section 5.2) without an object for each:
 * a burst of messages stands in one piece of memory, and is read there.
 */
export class FrameReader {
  readonly #port: FrameReaderPort;
  readonly #maxLength: number;
  /** The beginning of a header whose rest has not come. */
  #header: Buffer | null = null;
  /** A frame whose rest has not come, and how much of it has. */
  #cut: Buffer | null = null;
  #have = 0;
  #stopped = false;

  /** @param maxLength of a message, in bytes; a longer one is `onOther` */
  constructor(port: FrameReaderPort, maxLength: number) {
    this.#port = port;
    this.#maxLength = maxLength;
  }

  /** Nothing is told any more, not even of the chunk being read. */
  stop(): void {
    this.#stopped = true;
  }

  read(chunk: Buffer): void {
    if (this.#stopped) return;
    let bytes = chunk;
    let at = 0;
    if (this.#header !== null) {
      bytes = Buffer.concat([this.#header, chunk]);
      this.#header = null;
    } else if (this.#cut !== null) {
      at = chunk.copy(this.#cut, this.#have);
      this.#have += at;
      if (this.#have < this.#cut.length) return;
      const whole = this.#cut;
      this.#cut = null;
      this.#take(whole, 0, headerLength(whole[1]!), whole.length);
    }
    while (at < bytes.length && !this.#stopped) {
      const start = at + 2 <= bytes.length ? at + headerLength(bytes[at + 1]!) : Number.POSITIVE_INFINITY;
      if (start > bytes.length) {
        this.#header = Buffer.from(bytes.subarray(at));
        return;
      }
      const end = start + payloadLength(bytes, at);
      if (!isRead(bytes, at) || end - start > this.#maxLength) {
        this.#stopped = true;
        this.#port.onOther(bytes.subarray(at));
        return;
      }
      if (end > bytes.length) {
        this.#cut = Buffer.allocUnsafe(end - at);
        this.#have = bytes.copy(this.#cut, 0, at);
        return;
      }
      this.#take(bytes, at, start, end);
      at = end;
    }
  }

  #take(bytes: Buffer, at: number, start: number, end: number): void {
    if (bytes[at] === TEXT) this.#port.onText(bytes, start, end);
    else this.#port.onControl(bytes.subarray(at, end));
  }
}

// First byte of a frame that is a whole message; a header of a server has no mask.
const TEXT = 0x81;
const CLOSE = 0x88;
const PING = 0x89;
const PONG = 0x8a;
const MASKED = 0x80;
/** Bytes that a ping, pong or close may carry. */
const MAX_CONTROL = 125;

function isRead(bytes: Buffer, at: number): boolean {
  const kind = bytes[at]!;
  const length = bytes[at + 1]!;
  if (kind === TEXT) return length < MASKED;
  return (kind === CLOSE || kind === PING || kind === PONG) && length <= MAX_CONTROL;
}

function headerLength(second: number): number {
  const length = second & 0x7f;
  return length < 126 ? 2 : length === 126 ? 4 : 10;
}

function payloadLength(bytes: Buffer, at: number): number {
  const length = bytes[at + 1]! & 0x7f;
  if (length < 126) return length;
  if (length === 126) return (bytes[at + 2]! << 8) | bytes[at + 3]!;
  return bytes.readUInt32BE(at + 2) * 2 ** 32 + bytes.readUInt32BE(at + 6);
}
