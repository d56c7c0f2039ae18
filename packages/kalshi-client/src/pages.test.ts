import { generateKeyPairSync } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { getCollections } from './endpoints/collections.ts';
import { getBlockTradeProposals, getQuotes, getRfqs } from './endpoints/communications.ts';
import { getEventFeeChanges, getEvents, getMultivariateEvents } from './endpoints/events.ts';
import {
  getHistoricalFills,
  getHistoricalMarkets,
  getHistoricalOrders,
  getHistoricalPositions,
  getHistoricalTrades,
} from './endpoints/historical.ts';
import { getIncentivePrograms } from './endpoints/incentives.ts';
import { getMarkets, getTrades } from './endpoints/markets.ts';
import { getOrders } from './endpoints/orders.ts';
import {
  getDeposits,
  getFills,
  getPositions,
  getSettlements,
  getWithdrawals,
} from './endpoints/portfolio.ts';
import { getMilestones, getStructuredTargets } from './endpoints/reference.ts';
import { getSubaccountTransfers } from './endpoints/subaccounts.ts';
import { getShardTransfers } from './endpoints/transfers.ts';
import { createKalshiHttp, type KalshiHttp } from './http.ts';
import { type Page, pagesOf } from './pages.ts';
import { createSigner } from './signer.ts';
import { type AnsweringServer, startAnsweringServer } from './testing/answering-server.ts';
import { systemClock } from './testing/commands.ts';
import { officialOperations, sample } from './testing/official-client.ts';

interface Start {
  readonly limit?: number;
  readonly cursor?: string;
}

/** Every list that comes in pages. */
const walks: Readonly<Record<string, (http: KalshiHttp, query: Start) => AsyncGenerator<Page>>> = {
  'GET /multivariate_event_collections': (http, query) => pagesOf(getCollections, http, query),
  'GET /communications/rfqs': (http, query) => pagesOf(getRfqs, http, query),
  'GET /communications/quotes': (http, query) => pagesOf(getQuotes, http, query),
  'GET /communications/block-trade-proposals': (http, query) => pagesOf(getBlockTradeProposals, http, query),
  'GET /events': (http, query) => pagesOf(getEvents, http, query),
  'GET /events/multivariate': (http, query) => pagesOf(getMultivariateEvents, http, query),
  'GET /events/fee_changes': (http, query) => pagesOf(getEventFeeChanges, http, query),
  'GET /historical/markets': (http, query) => pagesOf(getHistoricalMarkets, http, query),
  'GET /historical/trades': (http, query) => pagesOf(getHistoricalTrades, http, query),
  'GET /historical/fills': (http, query) => pagesOf(getHistoricalFills, http, query),
  'GET /historical/orders': (http, query) => pagesOf(getHistoricalOrders, http, query),
  'GET /historical/positions': (http, query) => pagesOf(getHistoricalPositions, http, query),
  'GET /incentive_programs': (http, query) => pagesOf(getIncentivePrograms, http, query),
  'GET /markets': (http, query) => pagesOf(getMarkets, http, query),
  'GET /markets/trades': (http, query) => pagesOf(getTrades, http, query),
  'GET /portfolio/orders': (http, query) => pagesOf(getOrders, http, query),
  'GET /portfolio/fills': (http, query) => pagesOf(getFills, http, query),
  'GET /portfolio/positions': (http, query) => pagesOf(getPositions, http, query),
  'GET /portfolio/settlements': (http, query) => pagesOf(getSettlements, http, query),
  'GET /portfolio/deposits': (http, query) => pagesOf(getDeposits, http, query),
  'GET /portfolio/withdrawals': (http, query) => pagesOf(getWithdrawals, http, query),
  'GET /portfolio/subaccounts/transfers': (http, query) => pagesOf(getSubaccountTransfers, http, query),
  'GET /portfolio/intra_exchange_instance_transfers': (http, query) =>
    pagesOf(getShardTransfers, http, query),
  'GET /structured_targets': (http, { limit, ...query }) =>
    pagesOf(getStructuredTargets, http, { ...query, ...(limit === undefined ? {} : { page_size: limit }) }),
  'GET /milestones': (http, query) => pagesOf(getMilestones, http, { limit: 7, ...query }),
};

const paged = officialOperations().filter(({ query }) => query.includes('cursor'));

let server: AnsweringServer;
let http: KalshiHttp;

beforeAll(async () => {
  server = await startAnsweringServer();
  const signer = createSigner({ keyId: 'k', privateKeyPem: generateKeyPairSync('ed25519').privateKey });
  http = createKalshiHttp({ restUrl: server.restUrl, signer, clock: systemClock, retries: 0 });
});

afterAll(async () => {
  await http.close();
  await server.close();
});

beforeEach(() => {
  server.queries.length = 0;
});

/** A page as the official client declares it. */
function page(type: string, cursor: string): unknown {
  return { ...(sample(type, 'all').value as object), cursor, next_cursor: cursor };
}

describe('walks', () => {
  it('there are of every list that has a cursor', () => {
    expect(paged.length).toBeGreaterThan(20);
    const official = paged.map(({ name }) => name).filter((name) => !name.startsWith('GET /fcm'));
    expect(Object.keys(walks).sort()).toEqual(official.sort());
  });

  it.each(Object.entries(walks))('%s: read on only when asked, and begin anywhere', async (name, walk) => {
    const { answer } = paged.find((operation) => operation.name === name)!;
    const pages = walk(http, { limit: 7, cursor: 'one' });
    expect(server.queries).toEqual([]);
    server.answer = page(answer, 'two');
    expect((await pages.next()).value).toMatchObject({ cursor: 'two' });
    expect(server.queries).toHaveLength(1);
    server.answer = page(answer, '');
    expect((await pages.next()).value).toMatchObject({ cursor: null });
    expect((await pages.next()).done).toBe(true);
    // The filters stay as they are.
    expect(
      server.queries.map((query) => [query.get('cursor'), query.get('limit') ?? query.get('page_size')]),
    ).toEqual([
      ['one', '7'],
      ['two', '7'],
    ]);
  });

  it.each(Object.entries(walks))('%s: know every filter that the official client has', async (name, walk) => {
    for (const filter of paged.find((operation) => operation.name === name)!.query) {
      // No parameter is a function: one that is known is refused for its value, one that is not for its name.
      const refusal = await walk(http, { [filter]: () => undefined } as Start)
        .next()
        .catch((error: unknown) => error);
      expect(refusal, filter).toMatchObject({ code: 'request-invalid' });
      expect((refusal as Error).message, filter).toContain(`: ${filter}: `);
    }
  });
});
