import type { BotConfig, SessionsMode } from '@kalshi-mm/assembly';
import type { Tapes } from './tapes.ts';

/**
 * The configuration with the rules switched off that need what the tapes do not tell. Every such change is noted:
 * the result is of those rules.
 */
export function tapeConfig(
  config: BotConfig,
  tapes: Pick<Tapes, 'hasTrades' | 'isPolled' | 'markets' | 'firstMs'>,
  sessions: SessionsMode,
): { readonly config: BotConfig; readonly notes: readonly string[] } {
  const notes: string[] = [];
  let { volatility_scanner: scanner, volatility_mm: mm } = config;
  if (sessions === 'volatility' && !scanner.allow_unknown_volume) {
    scanner = { ...scanner, allow_unknown_volume: true };
    notes.push('tapes do not tell the 24 h volume: volatility_scanner.min_volume_24h is not applied');
  }
  if (!tapes.hasTrades) {
    if (mm.guardrails.illiquidity_timeout_seconds !== null) {
      mm = { ...mm, guardrails: { ...mm.guardrails, illiquidity_timeout_seconds: null } };
      notes.push('the tape has no trades: illiquidity_timeout_seconds is not applied');
    }
    notes.push('the tape has no trades: resting orders fill only when an order comes through their price');
  }
  if (tapes.isPolled) {
    notes.push(
      'the tape is polled: what came and went between two polls is missing, so fills and queue places are guesses',
    );
  }
  const over = tapes.markets.filter(({ closeMs }) => closeMs <= tapes.firstMs).length;
  if (over > 0) {
    notes.push(
      `${over} of ${tapes.markets.length} markets had closed when the tape begins, and are not quoted: a local exchange has its own time`,
    );
  }
  return { config: { ...config, volatility_scanner: scanner, volatility_mm: mm }, notes };
}
