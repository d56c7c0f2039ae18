import { randomBytes, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { MmError } from '@kalshi-mm/core';
import { listen } from '../listen.ts';
import { ControlError, type ControlHost, commands } from './commands.ts';

export interface ControlOptions {
  /** 0 takes any free port. @default 0 */
  readonly port?: number;
  /** What callers must name. @default a random one */
  readonly token?: string;
}

/** Where the running exchange can be controlled. */
export interface Control {
  readonly controlUrl: string;
  /** Goes into `Authorization: Bearer …`. */
  readonly controlToken: string;
  close(): void;
}

const MOST_BYTES = 64 * 1024;

/** Opens the control port, on loopback only. @throws MmError `port-in-use`, `bad-option` */
export async function createControl(host: ControlHost, options: ControlOptions): Promise<Control> {
  const controlToken = options.token ?? randomBytes(32).toString('base64url');
  if (controlToken.length < 16) {
    throw new MmError('bad-option', 'The control token is too short', {
      todo: 'Give at least 16 characters, or none to have one made.',
    });
  }
  const server = createServer((request, response) => {
    const send = (status: number, body: object): void => {
      response.writeHead(status, { 'content-type': 'application/json', connection: 'close' });
      response.end(JSON.stringify(body));
    };
    answer(host, controlToken, request).then(
      (body) => send(200, body),
      (error) => {
        const { status, message } = describe(error);
        send(status, { error: { message } });
      },
    );
  });
  await listen(server, '127.0.0.1', options.port ?? 0);
  const { port } = server.address() as AddressInfo;
  return { controlUrl: `http://127.0.0.1:${port}`, controlToken, close: () => shut(server) };
}

async function answer(host: ControlHost, token: string, request: IncomingMessage): Promise<object> {
  if (!isAuthorized(request.headers.authorization, token))
    throw new ControlError(401, 'the token is missing or wrong');
  const path = (request.url ?? '').split('?', 1)[0]!;
  for (const { method, path: pattern, run } of commands) {
    const parameters = matching(pattern, path);
    if (method !== request.method || parameters === null) continue;
    const body = method === 'GET' ? {} : await readJson(request);
    return run(host, body, parameters);
  }
  const known = commands.map(({ method, path: pattern }) => `${method} ${pattern}`).join(', ');
  throw new ControlError(404, `there is ${known}`);
}

function isAuthorized(header: string | undefined, token: string): boolean {
  const given = Buffer.from(header ?? '');
  const wanted = Buffer.from(`Bearer ${token}`);
  return given.length === wanted.length && timingSafeEqual(given, wanted);
}

/** The parameter's value, `''` where the pattern has none; null when the path is another. */
function matching(pattern: string, path: string): string | null {
  const expression = new RegExp(`^${pattern.replace(/:\w+/, '([^/]+)')}$`);
  const found = expression.exec(path);
  return found === null ? null : decodeURIComponent(found[1] ?? '');
}

async function readJson(request: IncomingMessage): Promise<unknown> {
  let text = '';
  for await (const chunk of request) {
    text += chunk;
    if (text.length > MOST_BYTES) throw new ControlError(413, 'the body is too large');
  }
  try {
    return JSON.parse(text === '' ? '{}' : text);
  } catch {
    throw new ControlError(400, 'the body is not JSON');
  }
}

function describe(error: unknown): { status: number; message: string } {
  if (error instanceof ControlError) return { status: error.status, message: error.message };
  if (error instanceof MmError || error instanceof URIError) return { status: 400, message: error.message };
  return { status: 500, message: 'unexpected fault in the local exchange' };
}

function shut(server: Server): void {
  server.close();
  server.closeAllConnections();
}
