/** Our names of the channels, used in statistics, logs and options. */
export type ChannelName =
  | 'orderbook_delta'
  | 'trades'
  | 'ticker'
  | 'fills'
  | 'orders'
  | 'positions'
  | 'lifecycle';

export interface Channel {
  readonly name: ChannelName;
  /** Name in `subscribe` commands and acknowledgements. */
  readonly wire: string;
  /** Type of its frames where it is not the channel's name; the book has two. */
  readonly frames: readonly string[];
  /** `markets`: subscribed for a list of markets, never without one. `account`: subscribed once, unfiltered. */
  readonly scope: 'markets' | 'account';
  /** Its data frames carry a `seq`; a channel that numbers only its acknowledgements says nothing about losses. */
  readonly numbered: boolean;
}

/** The one table between wire names and ours. */
export const CHANNELS: readonly Channel[] = [
  {
    name: 'orderbook_delta',
    wire: 'orderbook_delta',
    frames: ['orderbook_snapshot', 'orderbook_delta'],
    scope: 'markets',
    numbered: true,
  },
  { name: 'trades', wire: 'trade', frames: ['trade'], scope: 'markets', numbered: true },
  { name: 'ticker', wire: 'ticker', frames: ['ticker'], scope: 'markets', numbered: false },
  { name: 'fills', wire: 'fill', frames: ['fill'], scope: 'account', numbered: false },
  { name: 'orders', wire: 'user_orders', frames: ['user_order'], scope: 'account', numbered: false },
  {
    name: 'positions',
    wire: 'market_positions',
    frames: ['market_position'],
    scope: 'account',
    numbered: false,
  },
  {
    name: 'lifecycle',
    wire: 'market_lifecycle_v2',
    frames: ['market_lifecycle_v2', 'event_lifecycle', 'event_fee_update'],
    scope: 'account',
    numbered: true,
  },
];

const byFrame = new Map(CHANNELS.flatMap((channel) => channel.frames.map((type) => [type, channel])));

/** The channel that a frame of this type comes from; undefined for acknowledgements and unknown types. */
export function channelOfFrame(type: string): Channel | undefined {
  return byFrame.get(type);
}
