import { constants, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { MmError } from '@kalshi-mm/core';
import { afterEach } from 'vitest';
import { WebSocket } from 'ws';
import { createLocalExchange, type LocalExchange } from '../local-exchange.ts';
import type { LocalExchangeOptions } from '../options.ts';
import { type FixtureWorld, fixtureWorld } from './fixture-world.ts';

export const KEY_ID = 'c0ffee00-0000-4000-8000-000000000001';
export const USER = 'alice';

/** One pair for all tests: making RSA keys is slow. */
export const KEYS: { publicKey: KeyObject; privateKey: KeyObject } = generateKeyPairSync('rsa', {
  modulusLength: 2048,
});

/** A local exchange over the fixture world, with one funded user and a wall clock that the test moves. */
export async function startFixture(
  options: Partial<LocalExchangeOptions> = {},
): Promise<{ local: LocalExchange; world: FixtureWorld; wall: { ms: number } }> {
  const wall = { ms: 1_790_000_000_000 };
  const world = fixtureWorld();
  const local = await createLocalExchange({
    world: { kind: 'custom', world },
    users: [{ userId: USER, keyId: KEY_ID, publicKey: KEYS.publicKey, cashDollars: 1_000 }],
    wallClock: () => wall.ms,
    ...options,
  });
  return { local, world, wall };
}

/** Starts fixtures that are closed after each test of the file, or of the block in which it is called. */
export function fixtures(): typeof startFixture {
  const open: LocalExchange[] = [];
  afterEach(async () => {
    for (const local of open.splice(0)) await local.close();
  });
  return async (options) => {
    const fixture = await startFixture(options);
    open.push(fixture.local);
    return fixture;
  };
}

/** Who signs. */
export interface Signer {
  readonly keyId: string;
  readonly key: KeyObject;
}

const FIRST_KEY: Signer = { keyId: KEY_ID, key: KEYS.privateKey };

/** The three headers of a signed request. */
export function signed(
  method: string,
  path: string,
  stampMs: number,
  key: KeyObject = KEYS.privateKey,
  keyId: string = KEY_ID,
) {
  const text = Buffer.from(`${stampMs}${method}${path}`);
  const padding = constants.RSA_PKCS1_PSS_PADDING;
  const signature =
    key.asymmetricKeyType === 'ed25519'
      ? sign(null, text, key)
      : sign('sha256', text, { key, padding, saltLength: constants.RSA_PSS_SALTLEN_DIGEST });
  return {
    'KALSHI-ACCESS-KEY': keyId,
    'KALSHI-ACCESS-TIMESTAMP': String(stampMs),
    'KALSHI-ACCESS-SIGNATURE': signature.toString('base64'),
  };
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into bodies of every shape
  readonly body: any;
}

/** Calls an endpoint below the prefix, signed; the path may carry a query. */
export async function call(
  local: LocalExchange,
  wall: { ms: number },
  method: string,
  path: string,
  body?: unknown,
  signer: Signer = FIRST_KEY,
): Promise<Answer> {
  const url = new URL(local.restUrl + path);
  const response = await fetch(url, {
    method,
    headers: {
      ...signed(method, url.pathname, wall.ms, signer.key, signer.keyId),
      'content-type': 'application/json',
    },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  return answerOf(response);
}

export async function answerOf(response: Response): Promise<Answer> {
  const text = await response.text();
  return {
    status: response.status,
    headers: response.headers,
    body: text === '' ? null : JSON.parse(text),
  };
}

/** A WebSocket client that keeps everything it was sent. */
export interface FeedClient {
  readonly socket: WebSocket;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into messages of every shape
  readonly messages: any[];
  send(message: unknown): void;
  /** Resolves once a message satisfies the predicate, earlier ones included. */
  // biome-ignore lint/suspicious/noExplicitAny: as above
  until(matches: (message: any) => boolean): Promise<any>;
  /** Resolves when everything that the server has sent so far has arrived. */
  settled(): Promise<void>;
  close(): Promise<void>;
}

export async function openFeed(
  local: LocalExchange,
  wall: { ms: number },
  { autoPong = true, signer = FIRST_KEY } = {},
): Promise<FeedClient> {
  const path = new URL(local.wsUrl).pathname;
  const socket = new WebSocket(local.wsUrl, {
    autoPong,
    headers: signed('GET', path, wall.ms, signer.key, signer.keyId),
  });
  // biome-ignore lint/suspicious/noExplicitAny: tests look into messages of every shape
  const messages: any[] = [];
  const waiting = new Set<() => void>();
  let failure: Error | null = null;
  const wake = (): void => {
    for (const check of waiting) check();
  };
  socket.on('message', (data) => {
    messages.push(JSON.parse(String(data)));
    wake();
  });
  socket.on('close', () => {
    failure = new MmError('feed-closed', 'The feed was closed while a message was awaited');
    wake();
  });
  await new Promise<void>((resolve, reject) => {
    socket.once('open', resolve);
    socket.once('error', reject);
  });
  let marks = 1_000_000;
  const client: FeedClient = {
    socket,
    messages,
    send: (message) => socket.send(typeof message === 'string' ? message : JSON.stringify(message)),
    until: (matches) =>
      new Promise((resolve, reject) => {
        let seen = 0;
        const check = (): void => {
          const found = messages.slice(seen).find(matches);
          seen = messages.length;
          if (found === undefined && failure === null) return;
          waiting.delete(check);
          if (found === undefined) reject(failure);
          else resolve(found);
        };
        waiting.add(check);
        check();
      }),
    async settled() {
      const id = ++marks;
      client.send({ id, cmd: 'list_subscriptions' });
      await client.until((message) => message.id === id);
    },
    close: () =>
      new Promise((resolve) => {
        socket.once('close', () => resolve());
        socket.close();
      }),
  };
  return client;
}
