import { Timestamp } from '@kalshi-mm/core';
import type { CoinPrices, SimulatedExchange } from '@kalshi-mm/simulator';
import { PRICE_CHANNELS, type PriceChannel, type PriceChannelName } from './price-channels.ts';
import { ALL_NAMES, type Subscription } from './subscription.ts';

/** What the ticks need of the feed. */
export interface PriceTicksHost {
  readonly exchange: SimulatedExchange;
  /** The coins of the world; those that begin later are told too. */
  readonly coins: () => readonly CoinPrices[];
  /** Visits the subscriptions of a channel, with the way to their readers. */
  readonly each: (
    channel: PriceChannelName,
    visit: (subscription: Subscription, push: (type: string, msg: string) => void) => void,
  ) => void;
}

/** Tells reference prices at their simulated instants, while somebody has asked for some. */
export class PriceTicks {
  readonly #host: PriceTicksHost;
  /** Channels whose next instant is planned. */
  readonly #planned = new Set<PriceChannelName>();

  constructor(host: PriceTicksHost) {
    this.#host = host;
  }

  /** What can be asked for on a channel. */
  names(channel: PriceChannelName): string[] {
    return this.#named(PRICE_CHANNELS[channel]).map(([name]) => name);
  }

  /** Sees to it that a channel is told from its next instant on. */
  start(channel: PriceChannelName): void {
    if (this.#planned.has(channel)) return;
    this.#planned.add(channel);
    const { exchange } = this.#host;
    const { everyMs } = PRICE_CHANNELS[channel];
    const nextMs = (Math.floor(exchange.nowMs / everyMs) + 1) * everyMs;
    exchange.schedule(Timestamp.of(nextMs), () => {
      this.#planned.delete(channel);
      if (this.#tell(channel)) this.start(channel);
    });
  }

  /** @returns whether anybody has asked for anything */
  #tell(channel: PriceChannelName): boolean {
    const { each, exchange } = this.#host;
    const { message } = PRICE_CHANNELS[channel];
    const named = this.#named(PRICE_CHANNELS[channel]);
    const messages = new Map<string, string>();
    let isWanted = false;
    each(channel, ({ names }, push) => {
      if (names.size === 0) return;
      isWanted = true;
      for (const [name, prices] of named) {
        if (!names.has(name) && !names.has(ALL_NAMES)) continue;
        const msg = messages.get(name) ?? JSON.stringify(message(name, prices, exchange.nowMs));
        messages.set(name, msg);
        push(channel, msg);
      }
    });
    return isWanted;
  }

  #named({ nameOf }: PriceChannel): [string, CoinPrices][] {
    return this.#host.coins().flatMap((prices): [string, CoinPrices][] => {
      const name = nameOf(prices.coin.name);
      return name === null ? [] : [[name, prices]];
    });
  }
}
