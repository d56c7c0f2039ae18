import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface AnsweringServer {
  readonly restUrl: string;
  /** Requests so far, as `GET /markets/{ticker}`: ids in the path are those that the caller gave. */
  readonly requests: string[];
  /** Their queries. */
  readonly queries: URLSearchParams[];
  /** Body of all answers from now on. */
  answer: unknown;
  close(): Promise<void>;
}

/** Answers every request with 200 and the same body. */
export async function startAnsweringServer(): Promise<AnsweringServer> {
  const server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://localhost');
    self.queries.push(searchParams);
    self.requests.push(`${request.method} ${decodeURIComponent(pathname).slice('/trade-api/v2'.length)}`);
    request.resume();
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(self.answer === null ? '' : JSON.stringify(self.answer));
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const self: AnsweringServer = {
    restUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/trade-api/v2`,
    requests: [],
    queries: [],
    answer: null,
    close: () =>
      new Promise<void>((closed) => {
        server.close(() => closed());
        server.closeAllConnections();
      }),
  };
  return self;
}
