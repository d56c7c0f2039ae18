import type { Event, EventSink, Ticker } from '@kalshi-mm/core';

/** Keeps what a feed tells: the events, and the books that follow from them. */
export class EventLog {
  readonly events: Event[] = [];
  readonly #books = new Map<Ticker, Map<string, number>>();
  readonly #trusted = new Set<Ticker>();
  #waiting: { readonly when: () => boolean; readonly resolve: () => void }[] = [];

  readonly sink: EventSink = (event) => {
    this.events.push({ ...event });
    if (event.type === 'feed.lost') this.#trusted.clear();
    else if (event.type === 'feed.gapped') {
      if (event.ticker === null) this.#trusted.clear();
      else this.#trusted.delete(event.ticker);
    } else if (event.type === 'book.replaced') {
      this.#trusted.add(event.ticker);
      this.#books.set(
        event.ticker,
        new Map([
          ...event.bids.map((level) => [`bid ${level.price}`, level.count as number] as const),
          ...event.asks.map((level) => [`ask ${level.price}`, level.count as number] as const),
        ]),
      );
    } else if (event.type === 'book.changed') {
      const book = this.#books.get(event.ticker);
      if (book === undefined || !this.#trusted.has(event.ticker))
        throw new Error(`a change of ${event.ticker} before its book`);
      const key = `${event.side} ${event.price}`;
      const count = (book.get(key) ?? 0) + event.delta;
      if (count < 0) throw new Error(`${event.ticker} ${key} fell to ${count}`);
      if (count === 0) book.delete(key);
      else book.set(key, count);
    }
    this.check();
  };

  book(ticker: Ticker): Record<string, number> {
    return Object.fromEntries(this.#books.get(ticker) ?? []);
  }

  /** Whoever goes by the events takes the book for right. */
  trusts(ticker: Ticker): boolean {
    return this.#trusted.has(ticker);
  }

  of<T extends Event['type']>(type: T): Extract<Event, { type: T }>[] {
    return this.events.filter((event) => event.type === type) as Extract<Event, { type: T }>[];
  }

  /** Resolves once `when` is true; looked at after each event. */
  until(when: () => boolean): Promise<void> {
    if (when()) return Promise.resolve();
    return new Promise((resolve) => this.#waiting.push({ when, resolve }));
  }

  untilEvent(type: Event['type'], count = 1): Promise<void> {
    return this.until(() => this.of(type).length >= count);
  }

  /** Looks at the awaited conditions; for changes that come without an event. */
  check(): void {
    const done = this.#waiting.filter((item) => item.when());
    this.#waiting = this.#waiting.filter((item) => !done.includes(item));
    for (const item of done) item.resolve();
  }
}
