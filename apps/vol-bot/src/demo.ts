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
      recordDir: null,
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

/**
 * A stranger should see a session within seconds. With the default seed and speed the first one opens after about
 * three seconds and fills follow at once. What differs from the defaults, and why:
 * - A market of the synthetic world has no volume of the last 24 hours, so none is asked for.
 * - Its usual jumps are 10 to 20 cents with a sigma near 0.01 to 0.03: half the default thresholds catch the smaller
 *   ones too, and a session lasts until it is really calm again.
 * - One stable window of the regime is enough instead of three.
 * - Ages of samples are counted in exchange time. At twenty times the speed four seconds are one fifth of a real
 *   second, which a busy machine may need for something else.
 * - Ten contracts instead of three make inventory, skew and gains visible.
 */
const demoConfig = {
  volatility_scanner: {
    min_volume_24h: 0,
    sigma_threshold: 0.006,
    price_jump_threshold_cents: 8,
    regime_staleness_seconds: 20,
  },
  regimes: { max_shared_state_age_seconds: 20 },
  volatility_mm: {
    max_position_contracts: 10,
    require_regime_stability: 1,
    regime_stale_kill_seconds: 20,
    guardrails: { min_volatility_threshold: 0.003 },
  },
};
