import { readFileSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MmError } from '@kalshi-mm/core';
import { latencyModelNamed, POPULATIONS, queueModelNamed } from '@kalshi-mm/simulator';
import type { LocalUser } from '../access/account.ts';
import { makeKeyPair } from '../access/key-pair.ts';
import type { FaultOptions } from '../faults/fault-options.ts';
import { createLocalExchange, type LocalExchange } from '../local-exchange.ts';
import type { WorldOptions } from '../options.ts';
import type { LatencyOptions } from '../time/wire-latency.ts';
import type { CommandOptions } from './read-arguments.ts';

/** What is printed once the exchange answers. */
export interface Ready {
  readonly restUrl: string;
  readonly wsUrl: string;
  readonly keyId: string;
  /** Null when the caller brought a public key. */
  readonly privateKeyPath: string | null;
  /** Only with a control port. */
  readonly controlUrl?: string;
  readonly controlToken?: string;
}

/**
 * Starts what the command line asks for.
 *
 * @throws MmError `public-key-unreadable`, `faults-unreadable`, or what `createLocalExchange` and `makeKeyPair` throw
 */
export async function runCommand(
  options: CommandOptions,
  onError: (error: unknown) => void,
): Promise<{ readonly local: LocalExchange; readonly ready: Ready }> {
  const world = worldOf(options.world);
  const latency = latencyOf(options);
  const faults = options.faults === null ? {} : await readFaults(options.faults);
  const { keyId, privateKeyPath, publicKey } = await findKey(options.key);
  const user: LocalUser = { userId: 'user', keyId, publicKey, cashDollars: options.cashDollars };
  const local = await createLocalExchange({
    world,
    users: [user],
    speed: options.speed,
    port: options.port,
    tier: options.tier,
    weeklyMaintenance: options.weeklyMaintenance,
    tooManyRequests: options.tooManyRequests,
    postOnlyCross: options.postOnlyCross,
    faults,
    latency,
    ...(options.controlPort === null ? {} : { control: { port: options.controlPort } }),
    onError,
  }).catch(async (error) => {
    // What does not start leaves no new key behind.
    if (privateKeyPath !== null) await rm(privateKeyPath);
    throw error;
  });
  const { restUrl, wsUrl, control } = local;
  const controlled =
    control === null ? {} : { controlUrl: control.controlUrl, controlToken: control.controlToken };
  return { local, ready: { restUrl, wsUrl, keyId, privateKeyPath, ...controlled } };
}

function worldOf({ tapes, seed, calendar, agents, queueModel }: CommandOptions['world']): WorldOptions {
  if (tapes === null) return { kind: 'synthetic', seed: seed!, config: calendar };
  const queue =
    queueModel === null ? {} : { queueModel: queueModelNamed(queueModel, { share: 0.5, readText }) };
  if (seed === null) return { kind: 'tape', paths: tapes, ...queue };
  return {
    kind: 'mixed',
    paths: tapes,
    seed,
    config: calendar,
    ...queue,
    ...(agents ? { recordedPopulation: POPULATIONS.calm } : {}),
  };
}

function latencyOf({ entryLatency, responseLatency }: CommandOptions): LatencyOptions {
  const model = (name: string) => latencyModelNamed(name, { constantMs: DEFAULT_LATENCY_MS, readText });
  return {
    ...(entryLatency === null ? {} : { entry: model(entryLatency) }),
    ...(responseLatency === null ? {} : { response: model(responseLatency) }),
  };
}

/** Of plain `constant`. */
const DEFAULT_LATENCY_MS = 100;

/** Of a file that a model names. */
function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    throw new MmError('model-unreadable', `The file ${file} cannot be read`, {
      facts: { reason: cause instanceof Error ? cause.message : String(cause) },
      todo: 'Check the path that the model names.',
      cause,
    });
  }
}

/** What it says is checked where it is used. */
async function readFaults(given: string): Promise<FaultOptions> {
  try {
    return JSON.parse(given.trimStart().startsWith('{') ? given : await readFile(given, 'utf8'));
  } catch (cause) {
    throw new MmError('faults-unreadable', `The faults cannot be read from ${given}`, {
      facts: { reason: cause instanceof Error ? cause.message : String(cause) },
      todo: 'Give a JSON object such as {"seed":1,"restUnavailable":0.01}, or a file that holds one.',
      cause,
    });
  }
}

async function findKey(
  key: CommandOptions['key'],
): Promise<{ keyId: string; publicKey: string; privateKeyPath: string | null }> {
  if ('newKeyDir' in key) {
    return makeKeyPair(key.newKeyDir ?? (await mkdtemp(join(tmpdir(), 'local-exchange-'))));
  }
  try {
    const publicKey = await readFile(key.publicKeyPath, 'utf8');
    return { keyId: key.keyId, publicKey, privateKeyPath: null };
  } catch (cause) {
    throw new MmError('public-key-unreadable', `The public key ${key.publicKeyPath} cannot be read`, {
      facts: { reason: cause instanceof Error ? cause.message : String(cause) },
      todo: 'Name a PEM file that exists, or use --new-key <dir>.',
      cause,
    });
  }
}
