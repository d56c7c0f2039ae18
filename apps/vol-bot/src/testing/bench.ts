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
      { userId: RIVAL, keyId: rival.keyId, publicKey: rival.publicKey, cashDollars: 1_000_000 },
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

/** Waits for something to become true on the exchange; looks after every few turns of the event loop. */
export function until(what: string, condition: () => boolean, bot?: BotProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    const end = (settle: () => void): void => {
      clearInterval(timer);
      clearTimeout(deadline);
      settle();
    };
    const fail = (why: string): void => end(() => reject(new Error(`waiting for ${what}: ${why}`)));
    const timer = setInterval(() => {
      if (condition()) end(resolve);
    }, 5);
    const deadline = setTimeout(() => {
      if (bot === undefined) fail('it has not come');
      else bot.child.kill('SIGKILL');
    }, PATIENCE_MS);
    void bot?.ended.then(({ code, stderr }) => fail(`the bot has ended with ${code}:\n${stderr}`));
  });
}

const PATIENCE_MS = 75_000;
