import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { WebSocketServer } from 'ws';
import { authenticate } from '../access/authenticate.ts';
import { ApiError } from '../rest/api-error.ts';
import { CLOCK_HEADER, type RestHost } from '../rest/create-rest-app.ts';
import type { Feed } from './feed.ts';

export const WS_PATH = '/trade-api/ws/v2';

/** Handles the upgrade requests of the HTTP server: a valid signature opens the feed, anything else gets 401. */
export function acceptUpgrades(
  host: RestHost,
  sockets: WebSocketServer,
  feed: Feed,
): (request: IncomingMessage, stream: Duplex, head: Buffer) => void {
  return (request, stream, head) => {
    stream.on('error', () => stream.destroy());
    const path = (request.url ?? '').split('?', 1)[0]!;
    if (path !== WS_PATH) {
      return refuse(host, stream, '404 Not Found', {
        code: 'not_found',
        message: `the feed is at ${WS_PATH}`,
      });
    }
    let userId: string;
    try {
      const header = (name: string): string | undefined => {
        const value = request.headers[name];
        return Array.isArray(value) ? value[0] : value;
      };
      userId = authenticate({ method: 'GET', path, header }, host.accounts, host.wallClock()).userId;
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      const { code, details } = error.entry as { code: string; details?: string };
      return refuse(host, stream, '401 Unauthorized', {
        code: 'token_authentication_failure',
        message: 'token authentication failure',
        details: details ?? code,
      });
    }
    sockets.handleUpgrade(request, stream, head, (socket) => {
      host.onSigned();
      feed.attach(socket, stream, userId);
    });
  };
}

function refuse(host: RestHost, stream: Duplex, status: string, error: object): void {
  const body = JSON.stringify({ error });
  const lines = [
    `HTTP/1.1 ${status}`,
    'content-type: application/json',
    `content-length: ${Buffer.byteLength(body)}`,
    'connection: close',
    `${CLOCK_HEADER}: now=${host.exchange.nowMs}; speed=${host.speed()}`,
  ];
  stream.end(`${lines.join('\r\n')}\r\n\r\n${body}`);
}
