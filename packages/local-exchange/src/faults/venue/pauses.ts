import { nextMaintenance, type SimulatedExchange } from '@kalshi-mm/simulator';
import { EXCHANGE, type VenueFault, type VenueFaultHost } from './venue-fault.ts';

/** Trading stops everywhere; cancels pass. @param isMaintained whether trading pauses every week anyway */
export function tradingPause(host: VenueFaultHost, isMaintained: boolean): VenueFault {
  const { exchange, options, later } = host;
  const isInMaintenance = (): boolean =>
    isMaintained && nextMaintenance(exchange.nowMs).startMs <= exchange.nowMs;
  return {
    subjects: () => (exchange.tradingActive ? [EXCHANGE] : []),
    act() {
      exchange.setTradingActive(false);
      // A maintenance that has begun meanwhile ends by itself.
      later(options.pauseMs, () => isInMaintenance() || exchange.setTradingActive(true));
    },
  };
}

/** Nothing passes anywhere, cancels included. */
export function exchangePause({ exchange, options, later }: VenueFaultHost): VenueFault {
  return {
    subjects: () => (exchange.exchangeActive ? [EXCHANGE] : []),
    act() {
      exchange.setExchangeActive(false);
      later(options.pauseMs, () => exchange.setExchangeActive(true));
    },
  };
}

export function shardTradingPause({ exchange, options, later }: VenueFaultHost): VenueFault {
  return {
    subjects: () => shardsThat(exchange, 'tradingActive'),
    act(shard) {
      exchange.setTradingActive(false, Number(shard));
      later(options.pauseMs, () => exchange.setTradingActive(true, Number(shard)));
    },
  };
}

export function shardExchangePause({ exchange, options, later }: VenueFaultHost): VenueFault {
  return {
    subjects: () => shardsThat(exchange, 'exchangeActive'),
    act(shard) {
      exchange.setExchangeActive(false, Number(shard));
      later(options.pauseMs, () => exchange.setExchangeActive(true, Number(shard)));
    },
  };
}

function shardsThat(exchange: SimulatedExchange, are: 'tradingActive' | 'exchangeActive'): string[] {
  const shards = exchange.shards().filter((shard) => shard[are]);
  return shards.map(({ exchangeIndex }) => String(exchangeIndex));
}
