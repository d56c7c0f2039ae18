/** Counters since the feed was made. */
export interface FeedStats {
  frames: number;
  /** Frames of the hot types that were read from their bytes. */
  scanned: number;
  deltas: number;
  snapshots: number;
  trades: number;
  /** Trades negotiated outside the book: counted, not told. */
  blockTrades: number;
  fills: number;
  /** Of these, the ones that were read over REST. */
  recoveredFills: number;
  /** Frames with a sequence number that came before, and fills that came before. */
  duplicates: number;
  /** Jumps in the sequence numbers of a subscription. */
  gaps: number;
  /** Deltas that came while their book was untrusted or not followed. */
  dropped: number;
  malformed: number;
  unknown: number;
  /** Snapshots whose best bid was above their best ask. */
  crossed: number;
  snapshotRequests: number;
  resubscriptions: number;
  /** Connections that were established. */
  connections: number;
  errors: number;
}

export function createFeedStats(): FeedStats {
  return {
    frames: 0,
    scanned: 0,
    deltas: 0,
    snapshots: 0,
    trades: 0,
    blockTrades: 0,
    fills: 0,
    recoveredFills: 0,
    duplicates: 0,
    gaps: 0,
    dropped: 0,
    malformed: 0,
    unknown: 0,
    crossed: 0,
    snapshotRequests: 0,
    resubscriptions: 0,
    connections: 0,
    errors: 0,
  };
}
