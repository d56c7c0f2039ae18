import type { Event, EventSink } from '@kalshi-mm/core';

/** Collects events and lets a test wait for the next one it cares for. */
export interface EventsLog {
  readonly sink: EventSink;
  readonly events: readonly Event[];
  /** The first event of that type, now or later. */
  next<Type extends Event['type']>(type: Type): Promise<Extract<Event, { type: Type }>>;
  types(): readonly string[];
}

export function createEventsLog(): EventsLog {
  const events: Event[] = [];
  const waiting: { type: string; resolve: (event: never) => void }[] = [];
  return {
    events,
    types: () => events.map((event) => event.type),
    sink(event) {
      events.push(event);
      for (const waiter of waiting.splice(0)) {
        if (waiter.type === event.type) waiter.resolve(event as never);
        else waiting.push(waiter);
      }
    },
    next(type) {
      const known = events.find((event) => event.type === type);
      if (known !== undefined) return Promise.resolve(known as never);
      return new Promise((resolve) => waiting.push({ type, resolve }));
    },
  };
}
