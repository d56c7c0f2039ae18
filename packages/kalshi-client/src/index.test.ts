import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Count, Price, Ticker, Timestamp } from '@kalshi-mm/core';
import type {
  AmendOrderV2Request,
  CreateOrderV2Request,
  CreateQuoteRequest,
  IntraExchangeInstanceTransferRequest,
} from 'kalshi-typescript';
import { afterAll, beforeAll, describe, expect, expectTypeOf, it } from 'vitest';
import * as api from './index.ts';

describe('what the package exports', () => {
  it('is known', () => {
    expect(Object.keys(api).sort()).toMatchInlineSnapshot(`
      [
        "ExchangeRequestError",
        "OutcomeUnknownError",
        "UNKNOWN_SHARD",
        "acceptBlockTrade",
        "acceptQuote",
        "affordableCount",
        "amendOrder",
        "cancelAllOrders",
        "cancelOrder",
        "cancelOrders",
        "collect",
        "confirmQuote",
        "connectKalshi",
        "createApiKey",
        "createCombo",
        "createExecution",
        "createKalshiClient",
        "createKalshiHttp",
        "createMarketCatalog",
        "createOrder",
        "createOrderGroup",
        "createOrders",
        "createQuote",
        "createRfq",
        "createSigner",
        "createSubaccount",
        "createTokenBuckets",
        "decreaseOrder",
        "deleteApiKey",
        "deleteOrderGroup",
        "deleteQuote",
        "deleteRfq",
        "effectiveFees",
        "extra",
        "generateApiKey",
        "getAccountLimits",
        "getApiKeys",
        "getBalance",
        "getBlockTradeProposals",
        "getCandlesticksOfMarkets",
        "getCollection",
        "getCollections",
        "getCommunicationsId",
        "getDeposits",
        "getEndpointCosts",
        "getEvent",
        "getEventCandlesticks",
        "getEventFeeChanges",
        "getEventLiveData",
        "getEventMetadata",
        "getEvents",
        "getExchangeSchedule",
        "getExchangeStatus",
        "getFills",
        "getFiltersBySport",
        "getForecastPercentiles",
        "getGameStats",
        "getHistoricalCandlesticks",
        "getHistoricalCutoff",
        "getHistoricalFills",
        "getHistoricalMarket",
        "getHistoricalMarkets",
        "getHistoricalOrders",
        "getHistoricalPositions",
        "getHistoricalTrades",
        "getIncentivePrograms",
        "getLiveData",
        "getLiveDataBatch",
        "getLiveDataOfType",
        "getMarket",
        "getMarketCandlesticks",
        "getMarkets",
        "getMilestone",
        "getMilestones",
        "getMultivariateEvents",
        "getOrder",
        "getOrderBook",
        "getOrderBooks",
        "getOrderGroup",
        "getOrderGroups",
        "getOrders",
        "getPositions",
        "getQueuePosition",
        "getQueuePositions",
        "getQuote",
        "getQuotes",
        "getRestingOrderValue",
        "getRfq",
        "getRfqs",
        "getSeries",
        "getSeriesFeeChanges",
        "getSeriesList",
        "getSettlements",
        "getShardTransfer",
        "getShardTransfers",
        "getStructuredTarget",
        "getStructuredTargets",
        "getSubaccountBalances",
        "getSubaccountNetting",
        "getSubaccountTransfers",
        "getTagsByCategories",
        "getTargetAllocation",
        "getTrades",
        "getUserDataTimestamp",
        "getVolumeProgress",
        "getWeatherCalibrations",
        "getWeatherIndex",
        "getWithdrawals",
        "loadPrivateKey",
        "orderCost",
        "orderFee",
        "pagesOf",
        "parseExchangeError",
        "proposeBlockTrade",
        "recoverAccount",
        "resetOrderGroup",
        "route",
        "setOrderGroupLimit",
        "setSubaccountNetting",
        "setTargetAllocation",
        "systemTimer",
        "toActivity",
        "toBookOrder",
        "toFill",
        "toMarket",
        "toOrderReport",
        "toTrade",
        "toWordedOrder",
        "transferBetweenShards",
        "transferBetweenSubaccounts",
        "triggerOrderGroup",
        "upgradeUsageLevel",
      ]
    `);
  });

  it('has every group of endpoints', () => {
    const index = readFileSync(new URL('index.ts', import.meta.url), 'utf8');
    for (const file of readdirSync(new URL('endpoints/', import.meta.url))) {
      expect(index).toContain(`export * from './endpoints/${file}';`);
    }
  });
});

describe('a program that uses one group', () => {
  let dir: string;

  beforeAll(() => {
    dir = mkdtempSync(join(tmpdir(), 'kalshi-client-'));
  });

  afterAll(() => rmSync(dir, { recursive: true }));

  /** Runs the builder of the packages, which leaves their dependencies out. */
  function build(...options: string[]): void {
    const builder = createRequire(import.meta.url).resolve('tsup');
    execFileSync(process.execPath, [join(dirname(builder), 'cli-default.js'), '--silent', ...options], {
      cwd: new URL('..', import.meta.url),
    });
  }

  it('bundles that one alone, and no library that it has no use for', () => {
    // As it is published, but for the types.
    const home = join(dir, 'kalshi-client');
    build('--no-dts', '--out-dir', home);
    copyFileSync(new URL('../package.json', import.meta.url), join(home, 'package.json'));
    const program = join(dir, 'program.mjs');
    writeFileSync(program, `import { getMilestones } from '${home}/index.js'; console.log(getMilestones);`);
    build(program, '--no-config', '--format', 'esm', '--out-dir', join(dir, 'bundle'));
    const bundle = readFileSync(join(dir, 'bundle/program.js'), 'utf8');
    expect(bundle).toContain('/milestones');
    for (const path of ['/portfolio/', '/communications/', '/historical/', '/account/', '/live_data/']) {
      expect(bundle).not.toContain(path);
    }
    const libraries = [...bundle.matchAll(/^(?:import|\}) .*from "([^.].*)";$/gm)].map(([, name]) => name);
    expect([...new Set(libraries)].sort()).toEqual(['@kalshi-mm/core', 'zod']);
    // Of a namespace, the next bundler can leave things out.
    expect(bundle).not.toMatch(/import \{.*\} from "zod"/);
  });
});

describe('types', () => {
  it('of answers are those of the toolkit', () => {
    expectTypeOf<api.WireMarket['yes_bid_dollars']>().toEqualTypeOf<Price>();
    expectTypeOf<api.WireMarket['volume_fp']>().toEqualTypeOf<Count>();
    expectTypeOf<api.WireMarket['close_time']>().toEqualTypeOf<Timestamp>();
    expectTypeOf<api.WireMarket['settlement_value_dollars']>().toEqualTypeOf<Price | null>();
    expectTypeOf<keyof api.WireMarket>().not.toEqualTypeOf<string>();
    expectTypeOf(api.getMarkets).returns.resolves.toExtend<api.Page>();
    expectTypeOf(api.getOrderBook).returns.resolves.toEqualTypeOf<api.OrderBook>();
    expectTypeOf<api.Trade['ticker']>().toEqualTypeOf<Ticker>();
  });

  it('of requests take values of the toolkit, and no plain numbers', () => {
    expectTypeOf<api.CreateOrder['price']>().toEqualTypeOf<Price>();
    expectTypeOf<api.CreateOrder['count']>().toEqualTypeOf<Count>();
    expectTypeOf<number>().not.toExtend<api.CreateOrder['price']>();
    expectTypeOf<api.CreateOrder['side']>().toEqualTypeOf<'bid' | 'ask'>();
    expectTypeOf<{ ticker: string }>().not.toExtend<api.CreateOrder>();
    expectTypeOf<api.GetMarkets['min_close_ts']>().toEqualTypeOf<Timestamp | undefined>();
  });

  it('of requests have the fields that the official client has', () => {
    expectTypeOf<keyof api.CreateOrder>().toEqualTypeOf<keyof CreateOrderV2Request>();
    // Newer than that client.
    expectTypeOf<Exclude<keyof api.AmendOrderBody, 'expiration_time'>>().toEqualTypeOf<
      keyof AmendOrderV2Request
    >();
    expectTypeOf<keyof api.CreateQuote>().toEqualTypeOf<keyof CreateQuoteRequest>();
    expectTypeOf<keyof api.ShardTransferBody>().toEqualTypeOf<keyof IntraExchangeInstanceTransferRequest>();
  });

  it('of walks follow the list', () => {
    const walk = () => api.pagesOf(api.getTrades, {} as api.RestReader, {});
    expectTypeOf(walk).returns.toExtend<AsyncIterable<{ readonly trades: readonly api.WireTrade[] }>>();
    const filtered = () => api.pagesOf(api.getMarkets, {} as api.RestReader, { status: 'open', limit: 100 });
    expectTypeOf(filtered).returns.toExtend<AsyncIterable<{ readonly markets: readonly api.WireMarket[] }>>();
    // @ts-expect-error no such filter
    expectTypeOf(() => api.pagesOf(api.getMarkets, {} as api.RestReader, { stauts: 'open' })).toBeFunction();
  });

  it('of refusals are a closed list', () => {
    expectTypeOf<string>().not.toExtend<api.ExchangeReason>();
    expectTypeOf<'post-only-cross'>().toExtend<api.ExchangeReason>();
  });
});
