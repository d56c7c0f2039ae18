import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  createLocalExchange,
  type LocalExchange,
  makeKeyPair,
  type WorldOptions,
} from '@kalshi-mm/local-exchange';
import { type BotProcess, startBot } from './bot-process.ts';

/** The bot's user on the exchange; the other one is for rivals. */
export const BOT = 'bot';
export const RIVAL = 'rival';
export const CASH_DOLLARS = 1_000;

/** A local exchange in this process, with its books open to the test, and bots to run against it. */
export interface Bench {
  readonly local: LocalExchange;
  readonly dir: string;
  readonly dataDir: string;
  readonly keyId: string;
  readonly privateKeyPath: string;
  /** Of the bot in the database. */
  readonly account: string;
  run(flags: readonly string[], config?: string): BotProcess;
  close(): Promise<void>;
}

export async function openBench(world: WorldOptions, speed: number): Promise<Bench> {
  const dir = mkdtempSync(join(tmpdir(), 'vol-bot-'));
  const key = await makeKeyPair(join(dir, 'keys'));
  const rival = await makeKeyPair(join(dir, 'rival-keys'));
  const local = await createLocalExchange({
    world,
    speed,
    users: [
      { userId: BOT, keyId: key.keyId, publicKey: key.publicKey, cashDollars: CASH_DOLLARS },
      { userId: RIVAL, keyId: rival.keyId, publicKey: rival.publicKey, cashDollars: CASH_DOLLARS },
    ],
  });
  const dataDir = join(dir, 'data');
  mkdirSync(dataDir);
  let configs = 0;
  return {
    local,
    dir,
    dataDir,
    keyId: key.keyId,
    privateKeyPath: key.privateKeyPath,
    account: `local:${key.keyId}`,
    run(flags, config = '') {
      const path = join(dir, `config-${++configs}.yaml`);
      writeFileSync(path, config);
      return startBot([
        'run',
        ...['--config', path, '--data-dir', dataDir, '--json'],
        ...['--rest-url', local.restUrl, '--ws-url', local.wsUrl],
        ...['--key-id', key.keyId, '--private-key', key.privateKeyPath],
        ...flags,
      ]);
    },
    close: () => local.close(),
  };
}

/** Waits for something to become true on the exchange; checks it after every turn of the event loop's timers. */
export function until(condition: () => boolean, bot?: BotProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setInterval(() => {
      if (!condition()) return;
      clearInterval(timer);
      resolve();
    }, 5);
    void bot?.ended.then(({ code, stderr }) => {
      clearInterval(timer);
      reject(new Error(`the bot has ended with ${code}:\n${stderr}`));
    });
  });
}
