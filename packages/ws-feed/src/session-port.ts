import type { Ticker, Timestamp } from '@kalshi-mm/core';
import type { Channel, ChannelName, PriceChannelName } from './channels.ts';
import type { withDefaults } from './feed-options.ts';
import type { FeedStats } from './feed-stats.ts';
import type { FrameDecoder } from './frame-decoder.ts';
import type { ErrorFrame } from './frames.ts';
import type { RecentSet } from './recent-set.ts';
import type { Settlements } from './settlements.ts';

/** What outlives a connection. */
export interface FeedMemory {
  readonly options: ReturnType<typeof withDefaults>;
  readonly stats: FeedStats;
  /** The wanted markets, by themselves: the strings that whoever wanted them has. */
  readonly tickers: Map<Ticker, Ticker>;
  readonly decoder: FrameDecoder;
  readonly recentFills: RecentSet;
  readonly settlements: Settlements;
  /** Reference prices wanted. */
  readonly prices: Map<PriceChannelName, readonly string[]>;
}

export interface SessionPort {
  send(command: object): void;
  /** No other connection has books. */
  isAlone(): boolean;
  /** Give up the connection. */
  onBroken(reason: string): void;
  /** Every channel is acknowledged. */
  onSubscribed(): void;
  /** Every book has its snapshot, or those that are missing have been told as gapped. */
  onBooksReady(): void;
  /** Frames of a channel, not of books, are missing, or may be; none of before `sinceMs`. */
  onMissed(channel: ChannelName, sinceMs: Timestamp): void;
  /** A channel is subscribed, anew or for the first time: what comes from here on is not missing. */
  onWorking(channel: ChannelName): void;
  onRefused(channel: Channel, error: ErrorFrame): void;
  /** The numbering of a channel has a hole. */
  onGap(channel: ChannelName): void;
}
