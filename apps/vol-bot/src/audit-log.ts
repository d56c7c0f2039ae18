import { type AuditRecord, Count, type Event, Money, Price } from '@kalshi-mm/core';
import { dollars } from './dollars.ts';
import type { Logger } from './logger.ts';

/**
 * Writes what an operator wants to read of audit records; everything else is in the journal. A refusal of risk is
 * told once per session, side and reason: it comes again with every look at the quotes.
 */
export function createAuditLog(log: Logger): (record: AuditRecord) => void {
  const told = new Set<string>();
  return (record) => {
    for (const event of record.derived) {
      if (event.type !== 'session.ended') continue;
      for (const key of told) if (key.startsWith(`${event.ticker} `)) told.delete(key);
    }
    logAudit(record, log, told);
  };
}

function logAudit(record: AuditRecord, log: Logger, told: Set<string>): void {
  if (record.event.type !== 'market-data') logEvent(record.event, log);
  for (const event of record.derived) logEvent(event, log);
  for (const command of record.commands) {
    if (command.type === 'order.place') {
      log.debug(
        `place ${command.ticker} ${command.side} ${Count.format(command.count)} @ ${Price.format(command.price)} (${command.purpose})`,
      );
    } else log.debug(`${command.type} ${command.ticker} ${command.clientOrderId}`);
  }
  for (const { command, reason, value, limit } of record.refusals) {
    const side = 'side' in command ? command.side : command.type;
    const key = `${command.ticker} ${side} ${reason}`;
    const amount = (units: number): string =>
      reason === 'position-limit' || reason === 'empty-order'
        ? Count.format(units)
        : reason === 'open-orders'
          ? String(units)
          : dollars(Money.of(units));
    const text = `risk refused ${command.ticker} ${side}: ${reason} ${amount(value)} (limit ${amount(limit)})`;
    if (told.has(key)) log.debug(text);
    else log.warn(text);
    told.add(key);
  }
}

function logEvent(event: Event, log: Logger): void {
  switch (event.type) {
    case 'volatility.detected':
      log.info(
        {
          ticker: event.ticker,
          jumpCents: event.jumpCents === null ? null : rounded(event.jumpCents, 1),
          sigma: rounded(event.sigma, 4),
          strength: rounded(event.signalStrength, 2),
        },
        'volatility detected',
      );
      return;
    case 'volatility.ended':
      log.info({ ticker: event.ticker, reason: event.reason }, 'volatility ended');
      return;
    case 'session.started':
      log.info({ ticker: event.ticker, session: event.sessionId, reason: event.reason }, 'session started');
      return;
    case 'session.ended':
      log.info(
        {
          ticker: event.ticker,
          session: event.sessionId,
          reason: event.reason,
          pnl: dollars(event.realizedPnl),
        },
        'session ended',
      );
      return;
    case 'order.filled': {
      const { ticker, side, count, price, fee, role } = event.fill;
      log.info(
        `fill ${ticker} ${side} ${Count.format(count)} @ ${Price.format(price)} ${role}, fee ${dollars(fee)}`,
      );
      return;
    }
    case 'order.rejected':
      // The market has moved towards a post-only order on its way: everyday life.
      log[event.reason === 'post-only-cross' ? 'debug' : 'warn'](
        { ticker: event.ticker, reason: event.reason, message: event.message },
        'order rejected',
      );
      return;
    case 'order.unconfirmed':
      log.warn({ ticker: event.ticker, request: event.request, message: event.message }, 'outcome unknown');
      return;
    case 'market.settled':
      log.info({ ticker: event.ticker, result: event.result }, 'market settled');
      return;
    case 'feed.lost':
      log.warn({ reason: event.reason }, 'feed lost');
      return;
    case 'feed.switched':
      log.warn({ reason: event.reason }, `market data now comes by ${event.to}`);
      return;
    case 'feed.restored':
      log.info('feed restored');
      return;
    case 'trading.paused':
    case 'trading.stopped':
      log.warn({ reason: event.reason }, event.type);
      return;
    default:
      return;
  }
}

function rounded(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}
