import type { BookChanged, Event, Market, Ticker } from '@kalshi-mm/core';
import { MarketState } from './market-state.ts';

/** The states of all markets of a run, folded from events. Flat cost for one market or a thousand. */
export class MarketStates {
  readonly #byTicker = new Map<Ticker, MarketState>();
  #last: MarketState | null = null;
  #lastTicker: Ticker | null = null;

  /** Null for a market that no event has introduced. */
  get(ticker: Ticker): MarketState | null {
    // Events come in runs of one market; a comparison is cheaper than a look-up.
    if (this.#lastTicker === ticker) return this.#last;
    const state = this.#byTicker.get(ticker) ?? null;
    if (state === null) return null;
    this.#last = state;
    this.#lastTicker = ticker;
    return state;
  }

  values(): IterableIterator<MarketState> {
    return this.#byTicker.values();
  }

  /** Makes a market known, or takes over its changed metadata. */
  list(market: Market): MarketState {
    const known = this.#byTicker.get(market.ticker);
    if (known !== undefined) {
      known.update(market);
      return known;
    }
    const state = new MarketState(market);
    this.#byTicker.set(market.ticker, state);
    return state;
  }

  /** `absorb` for the one type of event that is nearly all there is. */
  changeBook(event: BookChanged): boolean {
    const state = this.#lastTicker === event.ticker ? this.#last : this.get(event.ticker);
    return state?.changeBook(event) ?? false;
  }

  /**
   * Folds one event. Market data of unknown markets is ignored.
   *
   * @returns true when the best bid or ask of the event's market moved
   */
  absorb(event: Event): boolean {
    switch (event.type) {
      case 'book.changed':
        return this.changeBook(event);
      case 'trade.printed':
        this.get(event.ticker)?.printTrade(event);
        return false;
      case 'ticker.changed':
        this.get(event.ticker)?.changeTicker(event);
        return false;
      case 'book.replaced':
        return this.get(event.ticker)?.replaceBook(event) ?? false;
      case 'catalog.scanned':
        for (const market of event.markets) this.list(market);
        return false;
      case 'market.opened':
      case 'market.changed':
        this.list(event.market);
        return false;
      case 'market.closed': {
        const state = this.get(event.ticker);
        if (state === null) return false;
        const status =
          event.reason === 'paused' ? 'inactive' : event.reason === 'closed' ? 'closed' : 'determined';
        state.update({ ...state.market, status });
        state.emptyBook(event.atMs);
        return true;
      }
      case 'market.settled': {
        const state = this.get(event.ticker);
        state?.update({
          ...state.market,
          status: 'finalized',
          result: event.result,
          settlementPrice: event.settlementPrice,
          settledMs: event.atMs,
        });
        return false;
      }
      case 'feed.gapped':
        if (event.ticker === null) for (const state of this.#byTicker.values()) state.bookTrusted = false;
        else {
          const state = this.get(event.ticker);
          if (state !== null) state.bookTrusted = false;
        }
        return false;
      case 'feed.lost':
        for (const state of this.#byTicker.values()) state.bookTrusted = false;
        return false;
      default:
        return false;
    }
  }
}
