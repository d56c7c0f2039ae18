import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { FeeSchedule, Money, type Price, Timestamp } from '@kalshi-mm/core';
import { createLocalExchange, exchangeWorld, type LocalUser } from '@kalshi-mm/local-exchange';
import { createExchange } from '@kalshi-mm/simulator';
import { aMarket } from '@kalshi-mm/testing';
import { WebSocketServer } from 'ws';
import type { FromServer, ToServer } from './messages.ts';

/**
 * The servers of the exchange benchmarks, in a process of their own: the local exchange with one quiet market, and
 * beside it the barest server that the same client can talk to.
 */
const START = Timestamp.of(1_800_000_000_000);
const TICKER = aMarket().ticker;

process.on('message', (message: ToServer) => {
  if (message.type === 'start') void start(message.users);
});

async function start(users: readonly LocalUser[]): Promise<void> {
  const exchange = createExchange({ idSeed: 'bench', startMs: START });
  const local = await createLocalExchange({
    world: { kind: 'custom', world: exchangeWorld(exchange) },
    users,
    tier: 'prestige',
    feed: { maxBufferedBytes: 1 << 30 },
  });
  exchange.listMarket({
    ...aMarket({ fees: FeeSchedule.QUADRATIC }),
    openMs: START,
    closeMs: Timestamp.of(START + 86_400_000),
  });
  exchange.addHouseUser('house', Money.fromDollars(1_000_000));

  const answer = JSON.stringify({
    order_id: '0'.repeat(36),
    fill_count: '0.00',
    remaining_count: '1.00',
    ts_ms: 0,
  });
  const echo = createServer((request, response) => {
    request.on('data', () => {});
    request.on('end', () => {
      response.writeHead(201, {
        'content-type': 'application/json',
        'content-length': Buffer.byteLength(answer),
      });
      response.end(answer);
    });
  });
  await new Promise<void>((resolve) => echo.listen(0, '127.0.0.1', resolve));
  const echoPort = (echo.address() as AddressInfo).port;
  const sockets = new WebSocketServer({ server: echo, perMessageDeflate: false });

  process.on('message', (message: ToServer) => {
    if (message.type === 'change-book') {
      // As a busy world does: many changes within one turn of the exchange.
      let left = message.times;
      const turn = (): void => {
        for (let i = 0; i < 50 && left > 0; i++, left--) quoteOnce(left);
        local.turn();
        if (left > 0) setImmediate(turn);
      };
      turn();
    } else if (message.type === 'send-frames') {
      const { frames } = message;
      let at = 0;
      const turn = (): void => {
        const end = Math.min(frames.length, at + 50);
        for (; at < end; at++) for (const client of sockets.clients) client.send(frames[at]!);
        if (at < frames.length) setImmediate(turn);
      };
      turn();
    } else if (message.type === 'stop') {
      void local.close().then(() => process.exit(0));
    }
  });

  let resting: string | null = null;
  function quoteOnce(step: number): void {
    if (resting !== null) {
      exchange.cancel('house', resting as never);
      resting = null;
      return;
    }
    const placed = exchange.place('house', {
      ticker: TICKER,
      side: 'bid',
      price: (100 * (1 + (step % 40))) as Price,
      count: 100 as never,
      timeInForce: 'good-till-canceled',
      selfTradePrevention: 'maker',
      clientOrderId: null,
      postOnly: true,
      reduceOnly: false,
      cancelOnPause: false,
      expirationMs: null,
    });
    if (!placed.ok) throw new Error(placed.error.code);
    resting = placed.value.order.orderId;
  }

  const ready: FromServer = {
    restUrl: local.restUrl,
    wsUrl: local.wsUrl,
    echoUrl: `http://127.0.0.1:${echoPort}`,
    echoWsUrl: `ws://127.0.0.1:${echoPort}`,
    ticker: TICKER,
  };
  process.send!(ready);
}
