import { generateKeyPairSync } from 'node:crypto';
import { createSigner } from '@kalshi-mm/kalshi-client';
import { WebSocket } from 'ws';
import { type BenchResult, median } from './measure.ts';
import { startServer } from './server/start-server.ts';

const CLIENTS = 20;
const CHANGES = 5_000;
const ROUNDS = 5;

/** Changes of one book told to many clients, against a bare `ws` server that sends the same frames ready-made. */
export async function fanOutBench(): Promise<BenchResult[]> {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const publicPem = publicKey.export({ type: 'spki', format: 'pem' }).toString();
  const server = await startServer([{ keyId: 'k', userId: 'k', publicKey: publicPem, cashDollars: 1 }]);
  const signer = createSigner({ keyId: 'k', privateKeyPem: privateKey });
  const headers = (): Record<string, string> => signer.headers('GET', '/trade-api/ws/v2', Date.now());
  const local = await Promise.all(Array.from({ length: CLIENTS }, () => open(server.wsUrl, headers())));
  const bare = await Promise.all(Array.from({ length: CLIENTS }, () => open(server.echoWsUrl, {})));
  const params = { channels: ['orderbook_delta'], market_tickers: [server.ticker], use_yes_price: true };
  const subscribed = receive(local, 2);
  for (const socket of local) socket.send(JSON.stringify({ id: 1, cmd: 'subscribe', params }));
  await subscribed;

  const frames: string[] = [];
  const keep = (data: unknown): void => void frames.push(String(data));
  local[0]!.on('message', keep);
  const ours: number[] = [];
  const reference: number[] = [];
  for (let round = 0; round <= ROUNDS; round++) {
    const a = await timed(local, () => server.tell({ type: 'change-book', times: CHANGES }));
    local[0]!.off('message', keep);
    const b = await timed(bare, () => server.tell({ type: 'send-frames', frames }));
    // The first round warms up, and brings the frames.
    if (round === 0) continue;
    ours.push(a);
    reference.push(b);
  }
  for (const socket of [...local, ...bare]) socket.terminate();
  await server.stop();
  const ratio = median(ours.map((ms, i) => ms / reference[i]!));
  const perSecond = (ms: number): number => Math.round((CLIENTS * CHANGES) / (ms / 1_000));
  return [
    {
      name: 'fan-out',
      value: perSecond(median(ours)),
      unit: `frames/s to ${CLIENTS} clients`,
      reference: perSecond(median(reference)),
      ratio,
      goal: 'at most 2× the time of a bare ws server with the same frames ready-made',
      holds: ratio <= 2,
    },
  ];
}

async function timed(sockets: readonly WebSocket[], act: () => void): Promise<number> {
  const done = receive(sockets, CHANGES);
  const startMs = performance.now();
  act();
  await done;
  return performance.now() - startMs;
}

/** Resolves when every socket has received so many messages. */
function receive(sockets: readonly WebSocket[], messages: number): Promise<unknown> {
  return Promise.all(
    sockets.map(
      (socket) =>
        new Promise<void>((resolve) => {
          let left = messages;
          const count = (): void => {
            if (--left > 0) return;
            socket.off('message', count);
            resolve();
          };
          socket.on('message', count);
        }),
    ),
  );
}

function open(url: string, headers: Record<string, string>): Promise<WebSocket> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(url, { headers, perMessageDeflate: false });
    socket.once('open', () => resolve(socket));
    socket.once('error', reject);
  });
}
