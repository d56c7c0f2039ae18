import type { Faults } from '../faults/faults.ts';
import type { WallTimers } from '../time/wall-timers.ts';

/** What a line of frames needs besides the faults themselves. */
export interface FrameFaults {
  readonly faults: Faults;
  readonly timers: WallTimers;
  /** Simulated time per wall time. */
  readonly speed: () => number;
}

/** The way of one connection's frames to its socket, on which they can be lost, doubled, swapped or held. */
export class FrameLine {
  readonly #write: (text: string) => void;
  readonly #host: FrameFaults;
  /** Waiting for the end of a delay; null while there is none. */
  #held: string[] | null = null;
  /** Goes out after the next frame. */
  #swapped: string | null = null;

  constructor(write: (text: string) => void, host: FrameFaults) {
    this.#write = write;
    this.#host = host;
  }

  /** A reply to a command: never lost, but in line with the others. */
  reply(text: string): void {
    if (this.#held !== null) this.#held.push(text);
    else this.#writeInTurn(text);
  }

  /** A data frame. */
  data(type: string, text: string): void {
    const { faults } = this.#host;
    if (!faults.isActive) {
      this.reply(text);
      return;
    }
    if (faults.happens('feedDrop', type)) return;
    if (isWithheld(type) && faults.happens('feedWithhold', type)) {
      this.#after(faults.options.feedWithholdMs, () => this.reply(text));
      return;
    }
    if (type === 'fill' && faults.happens('feedRepeatFill', type)) {
      this.#after(faults.options.feedRepeatMs, () => this.reply(text));
    }
    if (this.#held === null && faults.happens('feedDelay', type)) {
      this.#held = [];
      this.#after(faults.options.feedDelayMs, () => this.#release());
    }
    const copies = faults.happens('feedDuplicate', type) ? 2 : 1;
    if (this.#held === null && this.#swapped === null && faults.happens('feedReorder', type)) {
      this.#swapped = text;
      return;
    }
    for (let copy = 0; copy < copies; copy++) this.reply(text);
  }

  /** @param ms simulated */
  #after(ms: number, run: () => void): void {
    this.#host.timers.after(ms / this.#host.speed(), run);
  }

  #release(): void {
    const held = this.#held ?? [];
    this.#held = null;
    for (const text of held) this.#writeInTurn(text);
  }

  #writeInTurn(text: string): void {
    const late = this.#swapped;
    this.#swapped = null;
    this.#write(text);
    if (late !== null) this.#write(late);
  }
}

function isWithheld(type: string): boolean {
  return type === 'fill' || type === 'user_order';
}
