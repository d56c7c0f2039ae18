import { MmError } from '@kalshi-mm/core';
import { createSigner, loadPrivateKey, type Signer } from '@kalshi-mm/kalshi-client';
import { loadConfig } from '@kalshi-mm/runtime';
import { createLogger } from './logger.ts';
import { checkSelection, type RecordSummary, record } from './record.ts';
import { RecorderConfig } from './recorder-config.ts';
import { stopSignal } from './stop-signal.ts';

export interface RunFlags {
  readonly config?: string;
  readonly ticker?: readonly string[];
  readonly series?: readonly string[];
  readonly category?: readonly string[];
  readonly dir: string;
  readonly restUrl?: string;
  readonly wsUrl?: string;
  readonly keyId?: string;
  readonly privateKey?: string;
  readonly for?: number;
  readonly logLevel: string;
  readonly json?: boolean;
}

/** `recorder run` */
export async function runCommand(flags: RunFlags): Promise<void> {
  const loaded = loadConfig(
    RecorderConfig,
    flags.config ?? null,
    'apps/recorder/config.example.yaml has every key.',
  );
  const markets = {
    ...loaded.markets,
    tickers: [...loaded.markets.tickers, ...(flags.ticker ?? [])],
    series: [...loaded.markets.series, ...(flags.series ?? [])],
    categories: [...loaded.markets.categories, ...(flags.category ?? [])],
  };
  checkSelection(markets);
  const summary = await record({
    config: { ...loaded, markets },
    signer: signerFrom(flags, process.env),
    restUrl: flags.restUrl ?? process.env.KALSHI_BASE_URL ?? loaded.exchange.rest_url,
    wsUrl: flags.wsUrl ?? process.env.KALSHI_WS_URL ?? loaded.exchange.ws_url,
    dir: flags.dir,
    log: createLogger(flags.logLevel, flags.json === true),
    stop: stopSignal(flags.for ?? null),
  });
  process.stdout.write(flags.json === true ? `${JSON.stringify(summary)}\n` : inWords(summary));
}

function signerFrom(flags: RunFlags, env: NodeJS.ProcessEnv): Signer {
  const keyId = flags.keyId ?? env.KALSHI_ACCESS_KEY ?? '';
  const privateKey = flags.privateKey ?? env.KALSHI_PRIVATE_KEY ?? '';
  if (keyId === '' || privateKey === '') {
    throw new MmError('credentials-missing', "The exchange's key id or private key is not set", {
      todo: 'Set KALSHI_ACCESS_KEY and KALSHI_PRIVATE_KEY (path of a PEM file, or its text), or pass --key-id and --private-key. The feed needs a key, also for public data.',
    });
  }
  return createSigner({ keyId, privateKeyPem: loadPrivateKey(privateKey) });
}

const inWords = (summary: RecordSummary): string =>
  [
    `${summary.frames} frames of ${summary.markets} markets in ${summary.files} files (${summary.bytes} bytes), ${summary.seconds} s`,
    `${summary.connections} connections, ${summary.gaps} gaps${placesOf(summary)}, ${summary.dropped} frames dropped, ${summary.malformed} malformed`,
    `compile them: pnpm tape compile ${summary.dir} --out recording.tape`,
    '',
  ].join('\n');

function placesOf({ gapsByConnection }: RecordSummary): string {
  const places = Object.entries(gapsByConnection).map(([connection, gaps]) => `${gaps} on ${connection}`);
  return places.length === 0 ? '' : ` (by connection: ${places.join(', ')})`;
}
