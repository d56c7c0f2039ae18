import { FeeRounding, type Market, Timestamp } from '@kalshi-mm/core';
import { bookMatch } from './book-match.ts';
import { ExchangeFacade } from './exchange-facade.ts';
import { ExchangeState } from './exchange-state.ts';
import { createIds } from './ids.ts';
import { createIncentiveDesk } from './incentives/create-incentive-desk.ts';
import { listMarket, outcomeOf } from './lifecycle.ts';
import { ListedMarket } from './listed-market.ts';
import type { EngineHost, MarketEngine } from './market-engine.ts';
import { cancelResting } from './order-entry.ts';
import type { ExchangeOptions, ListingOptions, SimulatedExchange } from './simulated-exchange.ts';

export type {
  ExchangeOptions,
  ListingOptions,
  MarketUpdate,
  SimulatedExchange,
} from './simulated-exchange.ts';

/** Makes an exchange with no users and no markets. */
export function createExchange(options: ExchangeOptions): SimulatedExchange {
  return createExchangeParts(options).exchange;
}

/** Lists a market with an engine of its own. */
export type ListWith = (
  market: Market,
  makeEngine: (host: EngineHost, listed: ListedMarket) => MarketEngine,
  listing?: ListingOptions,
) => ListedMarket;

/** For siblings that list markets with engines of their own. */
export function createExchangeParts(options: ExchangeOptions): {
  readonly exchange: SimulatedExchange;
  readonly state: ExchangeState;
  readonly list: ListWith;
} {
  const state = new ExchangeState(
    options.startMs ?? Timestamp.of(0),
    options.rounding ?? FeeRounding.DIRECT_MEMBER,
    options.postOnlyCross ?? 'reject',
    createIds(options.idSeed),
    options.shards ?? [0, 1, 2, 3],
  );
  if (options.onOutput !== undefined) state.listen(options.onOutput);
  const list = (
    market: Market,
    makeEngine: (host: EngineHost, listed: ListedMarket) => MarketEngine,
    listing: ListingOptions = {},
  ): ListedMarket => {
    const outcome = outcomeOf(market.ticker, market.result, market.settlementPrice);
    const listed = new ListedMarket(market, outcome, listing.settlementTimerMs ?? 1000);
    listed.engine = makeEngine(createHost(state, listed), listed);
    listMarket(state, listed);
    return listed;
  };
  const incentives = createIncentiveDesk(state, options.idSeed);
  return { exchange: new ExchangeFacade(state, list, incentives), state, list };
}

function createHost(state: ExchangeState, listed: ListedMarket): EngineHost {
  const { ticker } = listed.market;
  return {
    mayMatch() {
      const { status, exchangeIndex } = listed.market;
      return (
        status === 'active' && state.isTradingActive(exchangeIndex) && state.isExchangeActive(exchangeIndex)
      );
    },
    bookChanged(side, price, delta, cause) {
      state.emitBookChanged({
        type: 'book.changed',
        ticker,
        side,
        price,
        delta,
        atMs: state.nowMs,
        userId: cause?.userId ?? null,
        clientOrderId: cause?.clientOrderId ?? null,
      });
    },
    bookReplaced: () => state.emit({ type: 'book.replaced', ticker, atMs: state.nowMs }),
    matched: (...match) => bookMatch(state, listed, ...match),
    selfTradeCanceled: (order) => cancelResting(state, order, 'SelfTradeCancel'),
  };
}
