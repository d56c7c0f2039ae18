import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { WebSocketServer } from 'ws';
import type { Account } from '../access/account.ts';
import { authenticate } from '../access/authenticate.ts';
import { isGranted } from '../access/scope.ts';
import { ApiError } from '../rest/api-error.ts';
import { CLOCK_HEADER, type RestHost } from '../rest/create-rest-app.ts';
import type { Feed } from './feed.ts';

export const WS_PATH = '/trade-api/ws/v2';

/**
 * Handles the upgrade requests of the HTTP server: a valid signature of a key that may read opens the feed, anything
 * else gets 401 or 403.
 */
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
    let key: Account;
    try {
      const header = (name: string): string | undefined => {
        const value = request.headers[name];
        return Array.isArray(value) ? value[0] : value;
      };
      key = authenticate({ method: 'GET', path, header }, host.keys, host.statedClock());
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      const { code, details } = error.entry as { code: string; details?: string };
      return refuse(host, stream, '401 Unauthorized', {
        code: 'token_authentication_failure',
        message: 'token authentication failure',
        details: details ?? code,
      });
    }
    if (!isGranted(key.scopes, 'read')) {
      const error = { code: 'permission_denied', message: 'permission denied' };
      return refuse(host, stream, '403 Forbidden', error);
    }
    sockets.handleUpgrade(request, stream, head, (socket) => {
      host.onSigned();
      feed.attach(socket, stream, key);
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
    `date: ${new Date(host.statedClock()).toUTCString()}`,
    `${CLOCK_HEADER}: now=${host.exchange.nowMs}; speed=${host.speed()}`,
  ];
  stream.end(`${lines.join('\r\n')}\r\n\r\n${body}`);
}
