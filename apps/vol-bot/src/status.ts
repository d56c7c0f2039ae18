import { Count, type Gate, Holding, Money, Position, Price, type Ticker } from '@kalshi-mm/core';
import { dollars } from './dollars.ts';
import type { BotParts } from './wire.ts';

/** The status block: feed, money, and for each session what it quotes or why it does not. */
export function logStatus(parts: BotParts): void {
  const { engine, universe, feed, feedSource, clock, connection, log, volatility } = parts;
  const now = clock.now();
  const health = feed.health(now);
  let worth = 0;
  for (const [ticker, holding] of engine.portfolio.holdings()) worth += markedValue(parts, ticker, holding);
  const balance = engine.portfolio.balance;
  const tracked = engine.view.fold(volatility)?.tracked.size ?? 0;
  const waitMs = connection.execution.backpressureMs();
  const lines = [
    `status ${new Date(now).toISOString()}${clock.speed === 1 ? '' : ` (×${clock.speed})`}`,
    `  feed       ${health.live ? 'live' : 'DOWN'}${feedSource() === 'polling' ? ' (polling)' : ''}, ${health.markets} books${health.untrustedBooks === 0 ? '' : `, ${health.untrustedBooks} of them not trusted`}`,
    `  markets    ${universe.activeCount} active of ${universe.size}, ${tracked} watched for volatility`,
    `  money      ${balance === null ? 'balance unknown' : `${dollars(balance)} cash`}, positions worth ${dollars(Money.of(worth))}, realised ${dollars(engine.portfolio.netRealized())} after fees`,
    `  orders     ${openOrders(parts)} open${waitMs === 0 ? '' : `, waiting ${waitMs} ms for the rate limit`}`,
  ];
  for (const session of engine.sessions.values())
    lines.push(`  session    ${describeSession(parts, session.ticker)}`);
  if (engine.sessions.size === 0) lines.push(`  session    none: ${whyNoSession(parts)}`);
  log.info(lines.join('\n'));
}

/** The first gate of each watched market, counted: what keeps the scanner from an event. */
function whyNoSession({ engine, volatility }: BotParts): string {
  const counts = new Map<string, number>();
  for (const market of engine.view.fold(volatility)?.tracked.values() ?? []) {
    const gate =
      market.active !== null ? 'waiting for a session' : (market.blockedBy?.gate ?? 'not sampled yet');
    counts.set(gate, (counts.get(gate) ?? 0) + 1);
  }
  if (counts.size === 0) return 'no market is watched';
  return [...counts].map(([gate, count]) => `${gate} (${count})`).join(', ');
}

function describeSession({ engine }: BotParts, ticker: Ticker): string {
  const session = engine.sessions.get(ticker)!;
  const view = engine.view.market(ticker);
  const position = Position.format(engine.portfolio.holding(ticker).position);
  const quotes = engine.orders
    .openIn(ticker)
    .map(
      (order) =>
        `${order.side} ${Count.format(order.remaining)}@${Price.format(order.price)}${order.status === 'resting' ? '' : ` ${order.status}`}`,
    )
    .join(', ');
  const touch = view === null ? '' : `, market ${Price.format(view.bestBid)}/${Price.format(view.bestAsk)}`;
  const pnl = engine.portfolio.holding(ticker).realizedPnl - session.opening.realizedPnl;
  const gained = pnl === 0 ? '' : `, realised ${dollars(Money.of(pnl))}`;
  const doing = quotes === '' ? `no quotes: ${gateText(session.gate)}` : quotes;
  return `${ticker} ${session.phase}, position ${position}${gained}${touch}, ${doing}`;
}

function gateText(gate: Gate | null): string {
  if (gate === null) return 'waiting for the next look';
  const limit = gate.limit === null ? '' : ` (limit ${gate.limit})`;
  return `${gate.gate}${gate.value === null ? '' : ` ${gate.value}`}${limit}`;
}

function openOrders({ engine }: BotParts): number {
  let count = 0;
  for (const ticker of engine.orders.tickersWithOpenOrders()) count += engine.orders.openIn(ticker).length;
  return count;
}

/** At the mid, or at cost where there is none. */
function markedValue({ engine }: BotParts, ticker: Ticker, holding: Holding): number {
  if (holding.position === 0) return 0;
  const view = engine.view.market(ticker);
  if (view === null || view.bestBid === Price.NO_BID || view.bestAsk === Price.NO_ASK) return holding.cost;
  return Holding.payout(holding.position, Price.of(Math.floor((view.bestBid + view.bestAsk) / 2)));
}
