import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { Agent, type IncomingHttpHeaders, request } from 'node:http';
import { ClientOrderId, Count, Money, Price } from '@kalshi-mm/core';
import { createAuditor } from '@kalshi-mm/simulator';
import { createLocalExchange, type LocalExchange } from '../local-exchange.ts';
import type { LocalExchangeOptions } from '../options.ts';
import { PREFIX } from '../rest/endpoint.ts';
import { type FixtureWorld, fixtureWorld, GOLD } from './fixture-world.ts';
import { signed } from './local-client.ts';

/** Sends whatever the tests come up with. */
export const ALICE = 'alice';
/** Minds her own business; nothing of hers may ever reach alice. */
export const BOB = 'bob-the-unseen';

/** Bob has named an order so, and so may anybody. */
export const COMMON_NAME = 'order-1';

const KEYS = { [ALICE]: generateKeyPairSync('ed25519'), [BOB]: generateKeyPairSync('ed25519') };
const KEY_IDS = {
  [ALICE]: 'a11ce000-0000-4000-8000-000000000001',
  [BOB]: 'b0b00000-0000-4000-8000-000000000002',
};
export type Name = keyof typeof KEYS;

export interface RawAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into bodies of every shape
  readonly body: any;
}

export interface Ask {
  readonly as?: Name | null;
  readonly body?: string | Buffer | object;
  readonly headers?: Readonly<Record<string, string>>;
  /** What is signed instead of the request's own method, path and time. */
  readonly signs?: {
    readonly method?: string;
    readonly path?: string;
    readonly atMs?: number;
    readonly key?: KeyObject;
  };
}

export interface TwoUsers {
  readonly local: LocalExchange;
  readonly world: FixtureWorld;
  readonly wall: { ms: number };
  readonly theirs: {
    readonly orderId: string;
    readonly fillOrderId: string;
    readonly groupId: string;
    readonly transferId: string;
  };
  /** Words that no answer to alice may contain. */
  readonly secrets: readonly string[];
  /** Sends a request as it stands: no normalised path, no added headers. Signed by alice unless told otherwise. */
  ask(method: string, path: string, ask?: Ask): Promise<RawAnswer>;
  /** Headers of a request signed now. */
  sign(method: string, path: string, as?: Name): Record<string, string>;
  /** @throws MmError when independent bookkeeping disagrees with the exchange's books */
  audit(): void;
  close(): Promise<void>;
}

/** A local exchange with two users who have cash, orders, fills, an order group and a transfer each. */
export async function startTwoUsers(options: Partial<LocalExchangeOptions> = {}): Promise<TwoUsers> {
  const wall = { ms: 1_790_000_000_000 };
  const auditor = createAuditor();
  const world = fixtureWorld(auditor.hear);
  const local = await createLocalExchange({
    world: { kind: 'custom', world },
    users: ([ALICE, BOB] as const).map((userId) => ({
      userId,
      keyId: KEY_IDS[userId],
      publicKey: KEYS[userId].publicKey,
      cashDollars: { 0: 1_000, 2: 1_000 },
    })),
    tier: 'prestige',
    // Buckets refill with the wall clock, and markets stay open all the same.
    speed: 0.0001,
    wallClock: () => wall.ms,
    ...options,
  });
  const agent = new Agent({ keepAlive: true });
  const sign = (method: string, path: string, as: Name = ALICE) => ({
    ...signed(method, path.split('?', 1)[0]!, wall.ms, KEYS[as].privateKey),
    'KALSHI-ACCESS-KEY': KEY_IDS[as],
  });
  const ask = (method: string, path: string, { as = ALICE, body, headers = {}, signs = {} }: Ask = {}) => {
    wall.ms += 100;
    const full = path.startsWith('/trade-api') || !path.startsWith('/') ? path : PREFIX + path;
    const auth =
      as === null
        ? {}
        : {
            ...signed(
              signs.method ?? method,
              signs.path ?? full.split('?', 1)[0]!,
              signs.atMs ?? wall.ms,
              signs.key ?? KEYS[as].privateKey,
            ),
            'KALSHI-ACCESS-KEY': KEY_IDS[as],
          };
    const bytes =
      body === undefined || typeof body === 'string' || Buffer.isBuffer(body) ? body : JSON.stringify(body);
    return new Promise<RawAnswer>((resolve, reject) => {
      const sent = request(
        {
          port: local.port,
          host: '127.0.0.1',
          agent,
          method,
          path: full,
          headers: { ...auth, ...lengthOf(bytes, headers), ...headers },
        },
        (response) => {
          let text = '';
          response.setEncoding('utf8');
          response.on('data', (chunk) => {
            text += chunk;
          });
          response.on('error', reject);
          response.on('end', () => {
            const { statusCode = 0, headers: received } = response;
            const isJson = received['content-type'] === 'application/json';
            resolve({ status: statusCode, headers: received, text, body: isJson ? JSON.parse(text) : null });
          });
        },
      );
      sent.on('error', reject);
      sent.end(bytes);
    });
  };
  const ids = { [ALICE]: live(world, ALICE), [BOB]: live(world, BOB) };
  const theirs = ids[BOB];
  return {
    local,
    world,
    wall,
    theirs,
    secrets: [BOB, KEY_IDS[BOB], `${BOB}-c1`, ...Object.values(theirs)],
    ask,
    sign,
    audit: () => auditor.check(world.exchange),
    async close() {
      agent.destroy();
      await local.close();
    },
  };
}

/** An order that rests in a group, one that is filled, and a transfer. */
function live({ exchange }: FixtureWorld, userId: Name) {
  const group = value(exchange.createOrderGroup(userId, Count.of(10_000), 0));
  const order = {
    ticker: GOLD,
    side: 'bid',
    selfTradePrevention: 'taker-at-cross',
    postOnly: false,
    reduceOnly: false,
    cancelOnPause: false,
    expirationMs: null,
    count: Count.of(100),
  } as const;
  const place = (price: number, name: string, orderGroupId: string | null) =>
    value(
      exchange.place(userId, {
        ...order,
        timeInForce: 'good-till-canceled',
        price: Price.of(price),
        clientOrderId: ClientOrderId.of(name),
        orderGroupId,
      }),
    ).order.orderId;
  return {
    orderId: place(4_000, `${userId}-c1`, group.groupId),
    fillOrderId: place(5_500, userId === BOB ? COMMON_NAME : `${userId}-c2`, null),
    groupId: group.groupId,
    transferId: value(exchange.transferCash(userId, 0, 2, Money.fromDollars(1))).transferId,
  };
}

function value<T>(
  result: { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: unknown },
): T {
  if (!result.ok) throw new Error(`refused: ${JSON.stringify(result.error)}`);
  return result.value;
}

function lengthOf(bytes: string | Buffer | undefined, headers: object): Record<string, string> {
  return bytes === undefined || 'transfer-encoding' in headers
    ? {}
    : { 'content-length': String(Buffer.byteLength(bytes)) };
}
