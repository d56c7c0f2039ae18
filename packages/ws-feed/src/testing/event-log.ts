import type { Event, EventSink, Ticker } from '@kalshi-mm/core';

/** Keeps what a feed tells: the events, and the books that follow from them. */
export class EventLog {
  readonly events: Event[] = [];
  readonly #books = new Map<Ticker, Map<string, number>>();
  #waiting: { readonly when: () => boolean; readonly resolve: () => void }[] = [];

  readonly sink: EventSink = (event) => {
    this.events.push({ ...event });
    if (event.type === 'book.replaced') {
      this.#books.set(
        event.ticker,
        new Map([
          ...event.bids.map((level) => [`bid ${level.price}`, level.count as number] as const),
          ...event.asks.map((level) => [`ask ${level.price}`, level.count as number] as const),
        ]),
      );
    } else if (event.type === 'book.changed') {
      const book = this.#books.get(event.ticker);
      if (book === undefined) throw new Error(`a change of ${event.ticker} before its book`);
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
