/** Our names of the channels, used in statistics, logs and options. */
export type ChannelName =
  | 'orderbook_delta'
  | 'trades'
  | 'ticker'
  | 'fills'
  | 'orders'
  | 'positions'
  | 'lifecycle'
  | 'combo_lifecycle'
  | 'order_groups'
  | 'communications'
  | PriceChannelName;

/** Channels of reference prices. */
export type PriceChannelName = 'index_prices' | 'index_prices_5hz' | 'underlying_prices';

export interface Channel {
  readonly name: ChannelName;
  /** Name in `subscribe` commands and acknowledgements. */
  readonly wire: string;
  /** Types of its frames. */
  readonly frames: readonly string[];
  /**
   * `markets`: subscribed for a list of markets, never without one. `account`: subscribed once, unfiltered.
   * `prices`: subscribed for names of prices, and with none of them only to be asked which there are.
   */
  readonly scope: 'markets' | 'account' | 'prices';
  /** Its data frames carry a `seq`; a channel that numbers only its acknowledgements says nothing about losses. */
  readonly numbered: boolean;
  /** Subscribed unless `channels` says otherwise. */
  readonly standard: boolean;
  /** Of the scope `prices`: what its commands are called. */
  readonly prices?: PriceCommands;
}

/** How a channel of reference prices is told what to send. */
export interface PriceCommands {
  readonly parameter: 'index_ids' | 'underlying_tickers';
  readonly add: 'subscribe_indices' | 'subscribe_underlyings';
  readonly remove: 'unsubscribe_indices' | 'unsubscribe_underlyings';
  readonly list: 'indexlist' | 'underlying_list';
}

const INDICES: PriceCommands = {
  parameter: 'index_ids',
  add: 'subscribe_indices',
  remove: 'unsubscribe_indices',
  list: 'indexlist',
};
const UNDERLYINGS: PriceCommands = {
  parameter: 'underlying_tickers',
  add: 'subscribe_underlyings',
  remove: 'unsubscribe_underlyings',
  list: 'underlying_list',
};

/** The one table between wire names and ours. */
export const CHANNELS: readonly Channel[] = [
  {
    name: 'orderbook_delta',
    wire: 'orderbook_delta',
    frames: ['orderbook_snapshot', 'orderbook_delta'],
    scope: 'markets',
    numbered: true,
    standard: true,
  },
  {
    name: 'trades',
    wire: 'trade',
    frames: ['trade'],
    scope: 'markets',
    numbered: true,
    standard: true,
  },
  {
    name: 'ticker',
    wire: 'ticker',
    frames: ['ticker'],
    scope: 'markets',
    numbered: false,
    standard: true,
  },
  {
    name: 'fills',
    wire: 'fill',
    frames: ['fill'],
    scope: 'account',
    numbered: false,
    standard: true,
  },
  {
    name: 'orders',
    wire: 'user_orders',
    frames: ['user_order'],
    scope: 'account',
    numbered: false,
    standard: true,
  },
  {
    name: 'positions',
    wire: 'market_positions',
    frames: ['market_position'],
    scope: 'account',
    numbered: false,
    standard: true,
  },
  {
    name: 'lifecycle',
    wire: 'market_lifecycle_v2',
    frames: ['market_lifecycle_v2', 'event_lifecycle', 'event_fee_update'],
    scope: 'account',
    numbered: true,
    standard: true,
  },
  {
    name: 'combo_lifecycle',
    wire: 'multivariate_market_lifecycle',
    frames: ['multivariate_market_lifecycle', 'event_lifecycle', 'event_fee_update'],
    scope: 'account',
    numbered: true,
    standard: false,
  },
  {
    name: 'order_groups',
    wire: 'order_group_updates',
    frames: ['order_group_updates'],
    scope: 'account',
    numbered: true,
    standard: false,
  },
  {
    name: 'communications',
    wire: 'communications',
    frames: ['rfq_created', 'rfq_deleted', 'quote_created', 'quote_accepted', 'quote_executed'],
    scope: 'account',
    numbered: true,
    standard: false,
  },
  {
    name: 'index_prices',
    wire: 'cfbenchmarks_value',
    frames: ['cfbenchmarks_value', 'cfbenchmarks_value_indexlist'],
    scope: 'prices',
    numbered: true,
    standard: false,
    prices: INDICES,
  },
  {
    name: 'index_prices_5hz',
    wire: 'cfbenchmarks_value_5hz',
    frames: ['cfbenchmarks_value_5hz', 'cfbenchmarks_value_5hz_indexlist'],
    scope: 'prices',
    numbered: true,
    standard: false,
    prices: INDICES,
  },
  {
    name: 'underlying_prices',
    wire: 'pyth_value',
    frames: ['pyth_value', 'pyth_value_underlying_list'],
    scope: 'prices',
    numbered: true,
    standard: false,
    prices: UNDERLYINGS,
  },
];
