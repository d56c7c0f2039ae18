import { z } from 'zod';

const seconds = z.number().positive();

/** `exchange`: where to trade. Keys come from the environment, never from this file. */
export const ExchangeConfig = z
  .strictObject({
    rest_url: z
      .url()
      .default('https://external-api.demo.kalshi.co/trade-api/v2')
      .describe('REST address, with its path. KALSHI_BASE_URL and --rest-url override it.'),
    ws_url: z
      .url()
      .default('wss://external-api-ws.demo.kalshi.co/trade-api/ws/v2')
      .describe('WebSocket address, with its path. KALSHI_WS_URL and --ws-url override it.'),
  })
  .describe('The exchange: its demo environment unless changed.');

/** `websockets`: the live feed. */
export const WebsocketsConfig = z
  .strictObject({
    enabled: z
      .boolean()
      .default(true)
      .describe('false: no WebSocket at all, everything is polled over REST (see polling).'),
    polling_fallback: z
      .boolean()
      .default(true)
      .describe('Poll while the WebSocket does not work, and return by itself when it does.'),
    fallback_after_seconds: seconds
      .default(10)
      .describe('Polling begins when the WebSocket has been down or silent for this long, seconds.'),
    reconnect_base_delay_seconds: seconds
      .default(0.5)
      .describe('First pause before a reconnect, seconds; doubles.'),
    reconnect_max_delay_seconds: seconds.default(5).describe('Longest pause between reconnects, seconds.'),
    idle_timeout_seconds: seconds
      .default(30)
      .describe('A connection without any frame or heartbeat for this long is dead, seconds.'),
    ping_interval_seconds: seconds
      .default(2)
      .describe('The bot pings the exchange this often, seconds; the answer proves a quiet feed alive.'),
    ws_staleness_freeze_seconds: seconds
      .default(5)
      .describe('Quotes are pulled when nothing at all has come for this long, seconds.'),
    ws_staleness_stop_seconds: seconds.default(15).describe('Sessions end when it lasts this long, seconds.'),
  })
  .describe('The live feed and when it is stale.');

/** `polling`: market data and account over REST. */
export const PollingConfig = z
  .strictObject({
    book_seconds: seconds
      .default(1)
      .describe('From one look at every book to the next, seconds; longer where the budget is too small.'),
    listing_seconds: seconds
      .default(5)
      .describe(
        'Pause between two reads of the markets (status, volume), seconds; Kalshi caches them for 15.',
      ),
    account_seconds: seconds
      .default(3)
      .describe('Pause between two reads of own orders, fills, positions and balance, seconds.'),
    read_budget_share: z
      .number()
      .gt(0)
      .max(1)
      .default(0.5)
      .describe(
        'Share of the read limit that books, markets and trades may use; the rest is for the account.',
      ),
  })
  .describe('Reading over REST what the WebSocket does not bring.');

/** `discovery`: which markets are watched at all. */
export const DiscoveryConfig = z
  .strictObject({
    series: z
      .array(z.string())
      .default([])
      .describe('Only these series tickers, e.g. KXGOLD15M; empty: every open market.'),
    rediscovery_minutes: z
      .number()
      .positive()
      .default(10)
      .describe('Time between two scans of the exchange, minutes.'),
  })
  .describe('Choice of the markets that the scanner watches.');

/** `execution`: orders. */
export const ExecutionConfig = z
  .strictObject({
    order_ttl_seconds: seconds
      .default(60)
      .describe('Every resting order expires after this, so that a dead bot leaves nothing behind, seconds.'),
    replace_tolerance_cents: z
      .number()
      .min(0)
      .default(1)
      .describe('A resting order this close to the wanted price is kept, cents.'),
    keep_size_share: z
      .number()
      .min(0)
      .max(1)
      .default(0.5)
      .describe('A resting order with at least this share of the wanted size is kept.'),
    exit_wait_seconds: z
      .number()
      .min(0)
      .default(15)
      .describe('A passive exit waits this long for the price to come back, seconds.'),
    exit_retry_seconds: seconds.default(3).describe('Pause between two attempts of an exit, seconds.'),
    tick_seconds: seconds
      .default(1)
      .describe('How often time is told to the engine, seconds of exchange time.'),
    reconcile_seconds: seconds
      .default(15)
      .describe('How often orders, fills, positions and balance are read over REST as a check, seconds.'),
  })
  .describe('How orders are placed, kept and left.');

/** `analytics`: the trading database. */
export const AnalyticsConfig = z
  .strictObject({
    file: z
      .string()
      .regex(/^[\w.-]+$/, 'a file name without a folder')
      .default('trading_analytics.db')
      .describe('SQLite file in the data folder (--data-dir); journals and summaries lie beside it.'),
  })
  .describe('Where what happened is kept.');

/** `simulation`: paper trading and backtests. */
export const SimulationConfig = z
  .strictObject({
    starting_cash_dollars: z
      .number()
      .positive()
      .default(1_000)
      .describe('Cash of the simulated account, dollars.'),
    entry_latency_ms: z
      .number()
      .min(0)
      .default(100)
      .describe(
        'From our decision to the exchange, milliseconds, with the delay of the feed added: recordings run on the receive clock.',
      ),
    entry_latency_model: z
      .string()
      .default('constant')
      .describe(
        'constant (entry_latency_ms), lognormal:<median>,<p99>[,<least>], recorded:<file> or played:<file>, milliseconds.',
      ),
    response_latency_ms: z
      .number()
      .min(0)
      .default(50)
      .describe('From the exchange back to us: answers and fills, milliseconds.'),
    response_latency_model: z
      .string()
      .default('constant')
      .describe('The same for the way back; constant is response_latency_ms.'),
    latency_seed: z
      .number()
      .int()
      .min(0)
      .default(1)
      .describe('Latencies that vary follow from it; constants ignore it.'),
    queue_model: z
      .string()
      .default('share')
      .describe(
        'How our place in a queue moves: share (cancels_ahead_share), conservative, power:<n>, log, fitted:<file>, or the bounds through-only and touch.',
      ),
    cancels_ahead_share: z
      .number()
      .min(0)
      .max(1)
      .default(0.5)
      .describe(
        'Share of the cancels at our price that queue_model share takes to have been ahead of us, 0 (cautious) to 1.',
      ),
  })
  .describe('Fills that are simulated on live or recorded data.');
