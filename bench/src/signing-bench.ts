import { generateKeyPairSync } from 'node:crypto';
import { createRequire } from 'node:module';
import { createSigner, type Signer } from '@kalshi-mm/kalshi-client';
import { type BenchResult, compare, median } from './measure.ts';

/** The official client keeps its signer to itself. */
const { KalshiAuth } = createRequire(import.meta.url)('kalshi-typescript/dist/auth.js') as {
  KalshiAuth: new (
    keyId: string,
    privateKeyPem: string,
  ) => { generateAuthHeaders(method: string, path: string): Record<string, string> };
};

const SIGNATURES = 400;
const PATH = '/trade-api/v2/portfolio/events/orders';

const UNDER_WAY = 8;

/**
 * The three headers of a request, RSA-PSS with 2,048 bits, against the official client's, which parses the key anew
 * each time: the whole time on one thread, and how long the main thread is held when the pool signs, as for orders.
 */
export async function signingBench(): Promise<BenchResult[]> {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const privateKeyPem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  const signer = createSigner({ keyId: 'bench', privateKeyPem });
  const official = new KalshiAuth('bench', privateKeyPem);
  const reference = () => lengths(() => official.generateAuthHeaders('POST', PATH));
  const one = compare(
    { run: () => lengths(() => signer.headers('POST', PATH, Date.now())) },
    { run: reference },
  );
  const pooled: { ours: number; reference: number }[] = [];
  for (let round = -1; round < 7; round++) {
    const ours = await mainThreadMs(() => onThePool(signer));
    const theirs = await mainThreadMs(reference);
    if (round >= 0) pooled.push({ ours, reference: theirs });
  }
  return [
    result('signing', one.oursMs, one.referenceMs, one.ratio, 0.5, 'on one thread at most half of its time'),
    result(
      'signing held',
      median(pooled.map((round) => round.ours)),
      median(pooled.map((round) => round.reference)),
      median(pooled.map((round) => round.ours / round.reference)),
      0.5,
      'signed on the pool, the main thread is held for at most half the time',
    ),
  ];
}

/** CPU time of the main thread alone. */
async function mainThreadMs(work: () => unknown): Promise<number> {
  const start = process.threadCpuUsage();
  await work();
  const { user, system } = process.threadCpuUsage(start);
  return (user + system) / 1_000;
}

function result(
  name: string,
  oursMs: number,
  referenceMs: number,
  ratio: number,
  most: number,
  goal: string,
): BenchResult {
  return {
    name,
    value: Math.round(SIGNATURES / (oursMs / 1_000)),
    unit: 'signatures/s',
    reference: Math.round(SIGNATURES / (referenceMs / 1_000)),
    ratio,
    goal,
    holds: ratio <= most,
  };
}

async function onThePool(signer: Signer): Promise<void> {
  let left = SIGNATURES;
  const worker = async (): Promise<void> => {
    while (left-- > 0) await signer.headersLater('POST', PATH, Date.now());
  };
  await Promise.all(Array.from({ length: UNDER_WAY }, worker));
}

function lengths(headers: () => Record<string, string>): number {
  let total = 0;
  for (let i = 0; i < SIGNATURES; i++) total += headers()['KALSHI-ACCESS-SIGNATURE']!.length;
  return total;
}
