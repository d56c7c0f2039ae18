import { type AuditRecord, type Fill, Holding, Money, Price, type Ticker } from '@kalshi-mm/core';
import type { Engine } from '@kalshi-mm/engine';
import type { SimulatedExchange } from '@kalshi-mm/simulator';

export interface MarketFigures {
  readonly ticker: Ticker;
  readonly orders: number;
  readonly fills: number;
  readonly contracts: number;
  readonly feesDollars: number;
  /** From closing trades, before fees. */
  readonly realizedDollars: number;
  /** From the payout of what was still held, before fees. */
  readonly settlementDollars: number;
  /** Value less cost of what is held at the end, at the last mid. */
  readonly openDollars: number;
  /** After fees. */
  readonly pnlDollars: number;
  /** Largest |position|, contracts. */
  readonly maxPositionContracts: number;
  readonly result: string | null;
}

export interface BacktestFigures {
  readonly orders: number;
  readonly fills: number;
  readonly contracts: number;
  readonly feesDollars: number;
  readonly pnlDollars: number;
  readonly realizedDollars: number;
  readonly settlementDollars: number;
  readonly openDollars: number;
  /** After fees; null without fills. */
  readonly pnlPerContractCents: number | null;
  readonly cashDollars: number;
  readonly refusals: number;
  readonly rejections: number;
  readonly sessions: number;
  /** Why resting orders matched: behind the queue, by flow through the price, or as taker. */
  readonly fillsByCause: Readonly<Record<string, number>>;
  readonly markets: readonly MarketFigures[];
}

interface Tally {
  orders: number;
  fills: number;
  contracts: number;
  settlement: number;
  maxPosition: number;
  holding: Holding;
}

/** Sums up a run from its audit, as the database of the live bot does. */
export class Ledger {
  readonly #tallies = new Map<Ticker, Tally>();
  #refusals = 0;
  #rejections = 0;
  #sessions = 0;

  /** @param tickers every market on the tapes: one that is not traded is part of the result */
  constructor(tickers: Iterable<Ticker>) {
    for (const ticker of tickers) this.#tally(ticker);
  }

  absorb(record: AuditRecord): void {
    this.#refusals += record.refusals.length;
    for (const event of record.derived) if (event.type === 'session.started') this.#sessions++;
    for (const command of record.commands)
      if (command.type === 'order.place') this.#tally(command.ticker).orders++;
    const { event } = record;
    if (event.type === 'order.rejected') this.#rejections++;
    if (event.type === 'order.filled') this.#fill(event.fill);
    if (event.type === 'market.settled') this.#settle(event.ticker, event.settlementPrice);
  }

  figures(
    exchange: SimulatedExchange,
    account: string,
    startingCash: Money,
    engine: Pick<Engine, 'view'>,
  ): BacktestFigures {
    const markets = [...this.#tallies].map(([ticker, tally]) =>
      marketFigures(ticker, tally, exchange, engine),
    );
    const balance = exchange.balance(account)!;
    const total = (key: keyof MarketFigures): number =>
      Number(markets.reduce((sum, market) => sum + (market[key] as number), 0).toFixed(6));
    const contracts = total('contracts');
    const pnlDollars = total('pnlDollars');
    const causes: Record<string, number> = {};
    for (const { cause } of exchange.fills(account)) causes[cause] = (causes[cause] ?? 0) + 1;
    checkCash(markets, balance.cash + balance.reserved - startingCash, exchange, account);
    return {
      orders: total('orders'),
      fills: total('fills'),
      contracts,
      feesDollars: total('feesDollars'),
      pnlDollars,
      realizedDollars: total('realizedDollars'),
      settlementDollars: total('settlementDollars'),
      openDollars: total('openDollars'),
      pnlPerContractCents: contracts === 0 ? null : (100 * pnlDollars) / contracts,
      cashDollars: dollars(Money.of(balance.cash + balance.reserved)),
      refusals: this.#refusals,
      rejections: this.#rejections,
      sessions: this.#sessions,
      fillsByCause: causes,
      markets,
    };
  }

  #fill({ ticker, side, price, count, fee }: Fill): void {
    const tally = this.#tally(ticker);
    tally.fills++;
    tally.contracts += count;
    tally.holding = Holding.afterFill(tally.holding, side, price, count, fee);
    tally.maxPosition = Math.max(tally.maxPosition, Math.abs(tally.holding.position));
  }

  #settle(ticker: Ticker, settlementPrice: Price): void {
    const tally = this.#tallies.get(ticker);
    if (tally === undefined) return;
    const after = Holding.afterSettlement(tally.holding, settlementPrice);
    tally.settlement += after.realizedPnl - tally.holding.realizedPnl;
    tally.holding = { ...after, realizedPnl: tally.holding.realizedPnl };
  }

  #tally(ticker: Ticker): Tally {
    let tally = this.#tallies.get(ticker);
    if (tally === undefined) {
      tally = { orders: 0, fills: 0, contracts: 0, settlement: 0, maxPosition: 0, holding: Holding.EMPTY };
      this.#tallies.set(ticker, tally);
    }
    return tally;
  }
}

function marketFigures(
  ticker: Ticker,
  { orders, fills, contracts, settlement, maxPosition, holding }: Tally,
  exchange: SimulatedExchange,
  engine: Pick<Engine, 'view'>,
): MarketFigures {
  const open = Money.of(openValue(ticker, holding, engine) - holding.cost);
  const pnl = Money.of(holding.realizedPnl + settlement + open - holding.fees);
  return {
    ticker,
    orders,
    fills,
    contracts: contracts / 100,
    feesDollars: dollars(holding.fees),
    realizedDollars: dollars(holding.realizedPnl),
    settlementDollars: dollars(Money.of(settlement)),
    openDollars: dollars(open),
    pnlDollars: dollars(pnl),
    maxPositionContracts: maxPosition / 100,
    result: exchange.market(ticker)?.result ?? null,
  };
}

/** At the last mid; at cost where there is none. */
function openValue(ticker: Ticker, holding: Holding, { view }: Pick<Engine, 'view'>): number {
  if (holding.position === 0) return 0;
  const market = view.market(ticker);
  if (market === null || market.bestBid === Price.NO_BID || market.bestAsk === Price.NO_ASK)
    return holding.cost;
  return Holding.payout(holding.position, Price.of(Math.floor((market.bestBid + market.bestAsk) / 2)));
}

/** The PnL of the audit and the cash of the simulated exchange are kept independently: they must agree. */
function checkCash(
  markets: readonly MarketFigures[],
  gained: number,
  exchange: SimulatedExchange,
  account: string,
): void {
  let cost = 0;
  for (const position of exchange.positions(account)) cost += position.exposure;
  const fromAudit = markets.reduce(
    (sum, m) => sum + m.realizedDollars + m.settlementDollars - m.feesDollars,
    0,
  );
  const difference = Math.abs(fromAudit - (gained + cost) / 1_000_000);
  if (difference > 0.0001) {
    throw new Error(`PnL of the audit and cash of the exchange differ by $${difference}: this is a bug`);
  }
}

/** The exact decimal, as a JSON number. */
function dollars(money: Money): number {
  return Number(Money.format(money));
}
