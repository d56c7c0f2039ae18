import { readdirSync, readFileSync } from 'node:fs';
import type { Count, Price, Ticker, Timestamp } from '@kalshi-mm/core';
import type {
  AmendOrderV2Request,
  CreateOrderV2Request,
  CreateQuoteRequest,
  IntraExchangeInstanceTransferRequest,
} from 'kalshi-typescript';
import { rolldown } from 'rolldown';
import { describe, expect, expectTypeOf, it } from 'vitest';
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
  it('bundles that one alone', async () => {
    const bundle = await rolldown({
      input: 'program',
      external: ['ky', 'undici', 'zod', /^node:/, /^@kalshi-mm\//],
      treeshake: { moduleSideEffects: false },
      plugins: [
        {
          name: 'program',
          resolveId: (id) => (id === 'program' ? id : null),
          load: (id) =>
            id === 'program'
              ? `import { getMilestones } from '${new URL('index.ts', import.meta.url).pathname}'; console.log(getMilestones);`
              : null,
        },
      ],
    });
    const { output } = await bundle.generate();
    await bundle.close();
    const { code } = output[0];
    expect(code).toContain('/milestones');
    for (const path of ['/portfolio/', '/communications/', '/historical/', '/account/', '/live_data/']) {
      expect(code).not.toContain(path);
    }
    for (const library of ['undici', 'ky', 'node:crypto']) expect(code).not.toContain(`from "${library}"`);
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
  });

  it('of refusals are a closed list', () => {
    expectTypeOf<string>().not.toExtend<api.ExchangeReason>();
    expectTypeOf<'post-only-cross'>().toExtend<api.ExchangeReason>();
  });
});
