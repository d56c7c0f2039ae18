import { z } from 'zod';

const positive = z.number().positive();

/** What a recorder follows and how it keeps it; see `config.example.yaml`. */
export const RecorderConfig = z.strictObject({
  exchange: z
    .strictObject({
      rest_url: z
        .url()
        .default('https://external-api.demo.kalshi.co/trade-api/v2')
        .describe('REST address, with its path. KALSHI_BASE_URL and --rest-url override it.'),
      ws_url: z
        .url()
        .default('wss://external-api-ws.demo.kalshi.co/trade-api/ws/v2')
        .describe('WebSocket address, with its path. KALSHI_WS_URL and --ws-url override it.'),
      markets_per_connection: positive
        .int()
        .default(200)
        .describe('More markets get a further WebSocket connection.'),
    })
    .prefault({}),
  markets: z
    .strictObject({
      tickers: z.array(z.string().min(1)).default([]).describe('Single markets.'),
      series: z
        .array(z.string().min(1))
        .default([])
        .describe('Every open market of these series, e.g. KXBTC15M; new ones as they list.'),
      categories: z
        .array(z.string().min(1))
        .default([])
        .describe('Every open market of these categories, e.g. crypto; case does not matter.'),
      max_markets: positive
        .int()
        .default(1_000)
        .describe('Most markets at a time; further ones are told and left out.'),
      rediscover_seconds: positive.default(60).describe('Time between two looks for new markets, seconds.'),
    })
    .prefault({}),
  channels: z
    .array(z.enum(['orderbook_delta', 'trades', 'ticker', 'lifecycle']))
    .min(1)
    .default(['orderbook_delta', 'trades', 'ticker', 'lifecycle'])
    .describe('Channels of the feed.'),
  spot: z
    .array(
      z.strictObject({
        feed: z.enum(['coinbase']).describe('A public feed.'),
        symbols: z.array(z.string().min(1)).min(1).describe('As the feed names them, e.g. BTC-USD.'),
        url: z.url().optional().describe("Its address; the feed's own unless given."),
      }),
    )
    .default([])
    .describe('Prices from outside the exchange, recorded beside it.'),
  files: z
    .strictObject({
      flush_seconds: positive.default(1).describe('Longest time that a frame waits in memory, seconds.'),
      max_file_mb: positive
        .default(256)
        .describe('Size at which a new file begins; midnight UTC begins one too.'),
      max_pending_mb: positive
        .default(64)
        .describe('Frames that may wait for a slow disk; beyond this they are dropped, counted and told.'),
      max_total_gb: positive.default(50).describe('Most that the captures in the folder may take together.'),
      when_full: z
        .enum(['delete-oldest', 'stop'])
        .default('delete-oldest')
        .describe('At max_total_gb: delete the oldest captures, or end with an error.'),
      min_free_gb: z.number().min(0).default(1).describe('Below this much free space the recorder ends.'),
    })
    .prefault({}),
});
export type RecorderConfig = z.output<typeof RecorderConfig>;
