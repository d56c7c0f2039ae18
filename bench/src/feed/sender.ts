import { createServer } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { createRandom } from '@kalshi-mm/core';
import { type WebSocket, WebSocketServer } from 'ws';
import { MARKETS, type ToSender, tickerOf } from './messages.ts';

// Sends ready-made frames: what is measured is who reads them. Large writes stall a reader that is slower than this.
const CHUNK_BYTES = 65_536;
const TICK_MS = 10;
const LOOP = 100_000;
/** Ten digits, so that all frames are equally long. */
const FIRST_SEQ = 1_000_000_000;

const http = createServer();
const server = new WebSocketServer({ server: http, perMessageDeflate: false });
const block = makeFrames();
let client: { readonly ws: WebSocket; readonly socket: Socket } | null = null;
let seq = 0;
let frame = 0;

server.on('connection', (ws, request) => {
  client = { ws, socket: request.socket };
  ws.on('message', (data) => answer(ws, JSON.parse(String(data))));
  ws.on('error', () => {});
});

process.on('message', (message: ToSender) => {
  if (message.type === 'stop') process.exit(0);
  else if (message.type === 'burst') void burst(message.frames);
  else void pace(message.framesPerSecond, message.seconds);
});

http.listen(0, '127.0.0.1', () => {
  process.send!({ url: `ws://127.0.0.1:${(http.address() as AddressInfo).port}` });
});

/** Acknowledges a subscription, and sends the empty books of its markets. */
function answer(ws: WebSocket, command: { id: number; params: { market_tickers: string[] } }): void {
  ws.send(
    JSON.stringify({ type: 'subscribed', id: command.id, msg: { channel: 'orderbook_delta', sid: 1 } }),
  );
  seq = FIRST_SEQ;
  frame = 0;
  for (const ticker of command.params.market_tickers) {
    const msg = { market_ticker: ticker, market_id: 'm' };
    ws.send(JSON.stringify({ type: 'orderbook_snapshot', sid: 1, seq: seq++, msg }));
  }
}

/** Everything is made first: to number and stamp a frame costs as much as to read it. */
async function burst(frames: number): Promise<void> {
  const most = Math.floor(CHUNK_BYTES / block.bytes);
  const chunks: Buffer[] = [];
  for (let left = frames; left > 0; left -= most) chunks.push(makeChunk(Math.min(left, most)));
  for (const chunk of chunks) await write(chunk);
}

async function pace(framesPerSecond: number, seconds: number): Promise<void> {
  const startMs = performance.now();
  const total = Math.floor(framesPerSecond * seconds);
  for (let sent = 0; sent < total; ) {
    const due = Math.min(total, Math.floor(((performance.now() - startMs) / 1_000) * framesPerSecond));
    while (sent < due) {
      const count = Math.min(due - sent, Math.floor(CHUNK_BYTES / block.bytes));
      await write(makeChunk(count));
      sent += count;
    }
    await new Promise((resolve) => setTimeout(resolve, TICK_MS));
  }
}

/** The next frames, numbered and stamped now. */
function makeChunk(count: number): Buffer {
  const { bytes, frames, seqAt, timeAt } = block;
  const chunk = Buffer.allocUnsafe(count * bytes);
  const time = String(Date.now());
  for (let i = 0; i < count; i++) {
    const from = frame * bytes;
    frames.copy(chunk, i * bytes, from, from + bytes);
    chunk.write(String(seq++), i * bytes + seqAt, 10, 'latin1');
    chunk.write(time, i * bytes + timeAt, 13, 'latin1');
    frame = (frame + 1) % LOOP;
  }
  return chunk;
}

/** Resolves when the socket wants more. */
async function write(chunk: Buffer): Promise<void> {
  const { socket } = client!;
  if (!socket.write(chunk)) await new Promise<void>((resolve) => socket.once('drain', resolve));
}

/**
 * Frames of equal length; the second half takes back what the first has done, so that the loop ends where it began.
 */
function makeFrames(): { frames: Buffer; bytes: number; seqAt: number; timeAt: number } {
  const random = createRandom('feed');
  const changes: { ticker: string; cents: number; side: string; units: number }[] = [];
  for (let i = 0; i < LOOP / 2; i++) {
    const cents = 47 - Math.min(36, Math.floor(random.exponential(5)));
    const side = random.next() < 0.5 ? 'yes' : 'no';
    changes.push({
      ticker: tickerOf(random.integer(MARKETS)),
      cents,
      side,
      units: 10_000 + random.integer(80_000),
    });
  }
  const all = [
    ...changes.map((change) => ({ ...change, sign: '' })),
    ...changes.map((change) => ({ ...change, sign: '-' })),
  ];
  const texts = all.map(
    ({ ticker, cents, side, units, sign }) =>
      `{"type":"orderbook_delta","sid":1,"seq":${FIRST_SEQ},"msg":{"market_ticker":"${ticker}","market_id":"31185e50-0db4-4c57-b95d-0123f5c07ec8","price_dollars":"0.${cents}00","delta_fp":"${sign}${(units / 100).toFixed(2)}","side":"${side}","ts":"2026-06-11T06:31:29.957081Z","ts_ms":1786410915566}}`,
  );
  const longest = Math.max(...texts.map((text) => text.length));
  const padded = texts.map((text) =>
    text.replace('"market_id":"', `"market_id":"${'0'.repeat(longest - text.length)}`),
  );
  const head = Buffer.from([0x81, 126, longest >> 8, longest & 255]);
  const seqAt = head.length + padded[0]!.indexOf(String(FIRST_SEQ));
  const frames = Buffer.concat(padded.flatMap((text) => [head, Buffer.from(text)]));
  // Behind the padding the lengths differ, but the end is where all of them end.
  const timeAt = head.length + longest - '1786410915566}}'.length;
  return { frames, bytes: head.length + longest, seqAt, timeAt };
}
