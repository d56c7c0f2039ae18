import { type Clock, Timestamp } from '@kalshi-mm/core';

/** The machine's clock. */
export const systemClock: Clock = { now: () => Timestamp.of(Date.now()) };

/**
 * A clock that follows an exchange whose time is not ours: a local exchange that replays a recording, at a speed.
 * Until its first `sync` it shows the machine's time; it never goes back.
 */
export class ExchangeClock implements Clock {
  readonly #wall: Clock;
  #wallAtSync = 0;
  #exchangeAtSync = 0;
  #speed: number | null = null;
  #last = 0;

  constructor(wall: Clock = systemClock) {
    this.#wall = wall;
  }

  /** Exchange seconds per second of ours; 1 until synchronised. */
  get speed(): number {
    return this.#speed ?? 1;
  }

  sync(exchangeNowMs: number, speed: number): void {
    this.#wallAtSync = this.#wall.now();
    this.#exchangeAtSync = exchangeNowMs;
    if (this.#speed === null) this.#last = 0;
    this.#speed = speed;
  }

  /**
   * Takes over the header `now=<ms>; speed=<n>` that a local exchange adds to its answers; ignores anything else.
   *
   * @returns true when the header was understood
   */
  syncFromHeader(header: string | null | undefined): boolean {
    const match = /^now=(\d+); speed=(\d+(?:\.\d+)?)$/.exec(header ?? '');
    if (match === null) return false;
    this.sync(Number(match[1]), Number(match[2]));
    return true;
  }

  now(): Timestamp {
    const wall = this.#wall.now();
    if (this.#speed === null) return wall;
    const now = Math.floor(this.#exchangeAtSync + (wall - this.#wallAtSync) * this.#speed);
    if (now > this.#last) this.#last = now;
    return Timestamp.of(this.#last);
  }
}
