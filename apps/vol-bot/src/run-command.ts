import { BotConfig, type SessionsMode } from '@kalshi-mm/assembly';
import { MmError } from '@kalshi-mm/core';
import { loadConfig } from '@kalshi-mm/runtime';
import { runBot } from './bot.ts';
import { signerFrom } from './credentials.ts';
import { checkArmed } from './endpoint.ts';
import { createLogger } from './logger.ts';
import { printSummary } from './print-summary.ts';
import { stopSignal } from './stop-signal.ts';

export interface RunFlags {
  readonly config?: string;
  readonly restUrl?: string;
  readonly wsUrl?: string;
  readonly keyId?: string;
  readonly privateKey?: string;
  readonly paper?: boolean;
  readonly live?: boolean;
  readonly sessions: SessionsMode;
  readonly dataDir: string;
  readonly record?: string;
  readonly for?: number;
  readonly logLevel: string;
  readonly json?: boolean;
}

/** `vol-bot run` */
export async function runCommand(flags: RunFlags): Promise<void> {
  const config = loadConfig(BotConfig, flags.config ?? null);
  const restUrl = flags.restUrl ?? process.env.KALSHI_BASE_URL ?? config.exchange.rest_url;
  const wsUrl = flags.wsUrl ?? process.env.KALSHI_WS_URL ?? config.exchange.ws_url;
  for (const url of [restUrl, wsUrl]) {
    if (!URL.canParse(url)) {
      throw new MmError('bad-url', `Not an address: ${url}`, { todo: 'Give a whole URL, with its path.' });
    }
  }
  const paper = flags.paper === true;
  checkArmed(restUrl, config.mode, flags.live === true, paper);
  const signer = signerFrom(flags, process.env);
  const log = createLogger(flags.logLevel, flags.json === true);
  const summary = await runBot({
    config,
    signer,
    restUrl,
    wsUrl,
    paper,
    sessions: flags.sessions,
    dataDir: flags.dataDir,
    recordDir: flags.record ?? null,
    log,
    stop: stopSignal(flags.for ?? null, log),
  });
  printSummary(summary, flags.json === true);
  process.exit(summary.differences.length === 0 ? 0 : 1);
}
