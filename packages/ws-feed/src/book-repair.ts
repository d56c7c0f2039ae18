/** What a repair can do. */
export interface BookRepairActions {
  /** True while there is an untrusted book. */
  isNeeded(): boolean;
  requestSnapshots(): void;
  resubscribe(): void;
  /** Snapshots did not come in time. */
  onLate(): void;
}

export interface BookRepairDelays {
  /** Least time between two requests; doubles while repairs follow each other, up to `patienceMs`. */
  readonly spacingMs: number;
  /** How long to wait for snapshots before subscribing again; doubles with each try, up to a minute. */
  readonly patienceMs: number;
}

const MAX_PATIENCE_MS = 60_000;

/**
 * Gets missing snapshots, first by asking for them, then by subscribing again. Requests for many markets are joined
 * into one, and a feed that is broken for good is not stormed.
 */
export class BookRepair {
  readonly #actions: BookRepairActions;
  readonly #delays: BookRepairDelays;
  #request: NodeJS.Timeout | null = null;
  #patience: NodeJS.Timeout | null = null;
  #spacingMs: number;
  #patienceMs: number;
  #lastRequestMs = Number.NEGATIVE_INFINITY;
  #arrivedSince = false;

  constructor(actions: BookRepairActions, delays: BookRepairDelays) {
    this.#actions = actions;
    this.#delays = delays;
    this.#spacingMs = delays.spacingMs;
    this.#patienceMs = delays.patienceMs;
  }

  /** A book has become untrusted: ask for its snapshot soon. */
  need(): void {
    if (this.#request !== null) return;
    const now = performance.now();
    const sinceMs = now - this.#lastRequestMs;
    if (sinceMs > 4 * this.#delays.patienceMs) this.#spacingMs = this.#delays.spacingMs;
    const waitMs = Math.max(0, this.#spacingMs - sinceMs);
    this.#request = setTimeout(() => this.#ask(), waitMs);
  }

  /** A subscription has been asked for: its snapshots come by themselves. */
  expect(): void {
    this.#arrivedSince = false;
    this.#wait();
  }

  /** A snapshot was accepted. */
  arrived(): void {
    this.#arrivedSince = true;
    if (this.#actions.isNeeded()) return;
    this.#patienceMs = this.#delays.patienceMs;
    this.stop();
  }

  stop(): void {
    if (this.#request !== null) clearTimeout(this.#request);
    if (this.#patience !== null) clearTimeout(this.#patience);
    this.#request = null;
    this.#patience = null;
  }

  #ask(): void {
    this.#request = null;
    if (!this.#actions.isNeeded()) return;
    this.#lastRequestMs = performance.now();
    this.#spacingMs = Math.min(this.#spacingMs * 2, this.#delays.patienceMs);
    this.#arrivedSince = false;
    this.#actions.requestSnapshots();
    this.#wait();
  }

  #wait(): void {
    if (this.#patience !== null) clearTimeout(this.#patience);
    this.#patience = setTimeout(() => this.#late(), this.#patienceMs);
  }

  #late(): void {
    this.#patience = null;
    if (!this.#actions.isNeeded()) return;
    this.#patienceMs = Math.min(this.#patienceMs * 2, MAX_PATIENCE_MS);
    this.#actions.onLate();
    // Some snapshots came: the subscription lives, and a new one would not know the missing markets better.
    if (this.#arrivedSince) this.need();
    else this.#actions.resubscribe();
  }
}
