import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { BotConfig } from '@kalshi-mm/assembly';
import { createSigner, loadPrivateKey } from '@kalshi-mm/kalshi-client';
import { createLocalExchange, makeKeyPair } from '@kalshi-mm/local-exchange';
import { loadConfig, parseConfig } from '@kalshi-mm/runtime';
import { runBot } from './bot.ts';
import { createLogger } from './logger.ts';
import { printSummary } from './print-summary.ts';
import { stopSignal } from './stop-signal.ts';

export interface DemoFlags {
  readonly seed: string;
  readonly speed: number;
  readonly config?: string;
  readonly dataDir: string;
  readonly for?: number;
  readonly logLevel: string;
  readonly json?: boolean;
}

/** `vol-bot demo`: nothing but Node is needed. */
export async function demoCommand(flags: DemoFlags): Promise<void> {
  const log = createLogger(flags.logLevel, flags.json === true);
  const config =
    flags.config === undefined
      ? parseConfig(BotConfig, demoConfig, 'the demo')
      : loadConfig(BotConfig, flags.config);
  mkdirSync(flags.dataDir, { recursive: true });
  const key = await makeKeyPair(join(flags.dataDir, 'keys'));
  const exchange = await createLocalExchange({
    world: { kind: 'synthetic', seed: flags.seed },
    users: [{ userId: 'demo', keyId: key.keyId, publicKey: key.publicKey, cashDollars: 1_000 }],
    speed: flags.speed,
  });
  log.info(
    { restUrl: exchange.restUrl, seed: flags.seed, speed: flags.speed },
    'a local exchange with a synthetic world is up; stop with Ctrl+C',
  );
  try {
    const summary = await runBot({
      config,
      signer: createSigner({ keyId: key.keyId, privateKeyPem: loadPrivateKey(key.privateKeyPath) }),
      restUrl: exchange.restUrl,
      wsUrl: exchange.wsUrl,
      paper: false,
      sessions: 'volatility',
      dataDir: flags.dataDir,
      log,
      stop: stopSignal(flags.for ?? null, log),
    });
    printSummary(summary, flags.json === true);
    process.exitCode = summary.differences.length === 0 ? 0 : 1;
  } finally {
    await exchange.close();
  }
  process.exit();
}

/** Generated markets are younger and thinner than real ones: admit them sooner than the defaults would. */
const demoConfig = {};
