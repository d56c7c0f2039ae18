import { WireError } from '@kalshi-mm/core';
import {
  bookRows,
  connectedRow,
  integer,
  type MarketLookup,
  parseLine,
  spotRow,
  tickerRows,
  tradeRow,
} from '../importers/frame-rows.ts';
import type { RowGroup } from '../importers/trade-pairing.ts';
import { object } from '../json-fields.ts';
import { RowKind } from '../row.ts';
import { type CaptureRecord, KALSHI_FEED } from './capture-record.ts';
import { createSequence, type SequenceVerdict } from './sequence.ts';
import type { SpotDecoder } from './spot-tick.ts';

/** What the frames of a session showed; the same object serves several sessions. */
export interface SessionFindings {
  /** Holes in the numbering, per channel and there per connection, which is called by its number and session. */
  readonly gaps: Map<string, Map<string, number>>;
  /** Connections that ended before the recording did, in words. */
  readonly outages: string[];
  /** Frames that could not be read; the first of each kind of fault as an example. */
  malformed: number;
  readonly faults: Map<string, string>;
  /** Book changes that came while the book was unknown. */
  untrusted: number;
  /** Book frames of connections whose opening is not in the capture: which way their prices are is not known. */
  unopened: number;
  /** Frames that the recorder had no room for. */
  dropped: number;
  blockTrades: number;
  /** Frames of markets without a market record. */
  readonly unknownMarkets: Set<string>;
  /** Frames of feeds that nobody here can read. */
  readonly unreadFeeds: Map<string, number>;
}

export interface SessionContext {
  readonly markets: MarketLookup;
  /** Markets that are known and not wanted. */
  readonly ignored: ReadonlySet<string>;
  /** Index of an instrument in the rows' numbering. */
  readonly instruments: ReadonlyMap<string, number>;
  readonly decoders: Readonly<Record<string, SpotDecoder>>;
  readonly findings: SessionFindings;
}

/** Key of an instrument: the same symbol from two feeds is two instruments. */
export const instrumentKey = (feed: string, symbol: string): string => `${feed} ${symbol}`;

/** Turns the records of one session, in order, into rows; each call gives the groups of one record. */
export function createSessionRows(
  context: SessionContext,
  session: string,
): {
  read(record: CaptureRecord): RowGroup | null;
  /** The recording ends here: what its books were is not known any more. */
  end(recvUs: number): RowGroup | null;
} {
  const { markets, findings } = context;
  const connections = new Map<number, Connection>();
  /** Connections that have ended; whether the recording has ended with them, the next frame shows. */
  let ended: string[] = [];
  /** Books that are whole, with the subscription that keeps them so. */
  const whole = new Map<number, Subscription>();

  const connectionOf = (number: number): Connection => {
    let connection = connections.get(number);
    if (connection === undefined) {
      connection = { yesPrices: null, subscriptions: new Map() };
      connections.set(number, connection);
    }
    return connection;
  };

  const subscriptionOf = (connection: Connection, sid: number): Subscription => {
    let subscription = connection.subscriptions.get(sid);
    if (subscription === undefined) {
      subscription = { check: createSequence(), channel: null };
      connection.subscriptions.set(sid, subscription);
    }
    return subscription;
  };

  /** The books that `lost` picks are unknown from now on. */
  const lose = (recvUs: number, lost: (subscription: Subscription, market: number) => boolean): RowGroup => {
    const rows = [];
    for (const [market, subscription] of whole) {
      if (!lost(subscription, market)) continue;
      whole.delete(market);
      rows.push(connectedRow(recvUs / 1000, market));
    }
    return rows;
  };

  const endConnection = (recvUs: number, number: number): RowGroup => {
    const ended = new Set(connections.get(number)?.subscriptions.values());
    connections.delete(number);
    return lose(recvUs, (subscription) => ended.has(subscription));
  };

  const readControl = (record: CaptureRecord & { type: 'control' }): RowGroup => {
    const { control, recvUs } = record;
    switch (control.kind) {
      case 'connected': {
        if (control.feed !== KALSHI_FEED) return [];
        const rows = endConnection(recvUs, control.connection);
        connections.set(control.connection, { yesPrices: control.yesPrices, subscriptions: new Map() });
        return rows;
      }
      case 'open':
        // Known already, unless the files before this one are missing.
        if (control.feed === KALSHI_FEED && !connections.has(control.connection)) {
          connections.set(control.connection, { yesPrices: control.yesPrices, subscriptions: new Map() });
        }
        return [];
      case 'closed': {
        const { connection, reason } = control;
        if ((connections.get(connection)?.subscriptions.size ?? 0) > 0) {
          const at = new Date(recvUs / 1_000).toISOString();
          ended.push(`connection ${connection} of session ${session} at ${at} (${reason})`);
        }
        return endConnection(recvUs, connection);
      }
      case 'dropped':
        findings.dropped += control.frames;
        // Whose frames they were is not known.
        return lose(recvUs, () => true);
      case 'gap':
      case 'market':
        return [];
    }
  };

  const readSpot = (record: CaptureRecord & { type: 'frame' }): RowGroup => {
    const { feed, recvUs, raw } = record;
    const decode = context.decoders[feed];
    if (decode === undefined) {
      findings.unreadFeeds.set(feed, (findings.unreadFeeds.get(feed) ?? 0) + 1);
      return [];
    }
    const tick = decode(parseLine(raw));
    if (tick === null) return [];
    const instrument = context.instruments.get(instrumentKey(feed, tick.symbol))!;
    return [spotRow(recvUs / 1000, tick.exchangeMs, instrument, tick.micros, `${feed}.price`)];
  };

  /** Counts the frame in its subscription. */
  const check = (
    frame: Record<string, unknown>,
    subscription: Subscription,
    connection: number,
  ): SequenceVerdict => {
    if (frame.seq === undefined) return 'next';
    const verdict = subscription.check(integer(frame.seq, 'seq'));
    if (verdict === 'gap') {
      const channel = subscription.channel ?? 'unknown';
      const gaps = findings.gaps.get(channel) ?? new Map<string, number>();
      const name = `${connection} of session ${session}`;
      findings.gaps.set(channel, gaps.set(name, (gaps.get(name) ?? 0) + 1));
    }
    return verdict;
  };

  const readFrame = (record: CaptureRecord & { type: 'frame' }): RowGroup => {
    const { recvUs } = record;
    findings.outages.push(...ended);
    ended = [];
    const frame = parseLine(record.raw);
    const connection = connectionOf(record.connection);
    if (frame.type === 'subscribed') {
      const msg = object(frame.msg, 'msg');
      const subscription = subscriptionOf(connection, integer(msg.sid, 'msg.sid'));
      subscription.channel = typeof msg.channel === 'string' ? msg.channel : null;
      return [];
    }
    if (frame.sid === undefined) return [];
    const subscription = subscriptionOf(connection, integer(frame.sid, 'sid'));
    // Tickers and the account's frames are not counted, whatever number they carry.
    const verdict = UNCOUNTED.has(frame.type) ? 'next' : check(frame, subscription, record.connection);
    if (verdict === 'repeat') return [];
    const isBook = frame.type === 'orderbook_delta' || frame.type === 'orderbook_snapshot';
    if (isBook) subscription.channel ??= 'orderbook_delta';
    if (frame.type === 'trade') subscription.channel ??= 'trade';
    const lost = verdict === 'gap' ? lose(recvUs, (other) => other === subscription) : [];
    if (!isBook && frame.type !== 'trade' && frame.type !== 'ticker') return lost;
    const ticker = object(frame.msg, 'msg').market_ticker;
    if (typeof ticker === 'string' && !markets.has(ticker)) {
      if (!context.ignored.has(ticker)) findings.unknownMarkets.add(ticker);
      return lost;
    }
    return [...lost, ...marketRows(frame, recvUs / 1000, connection, subscription)];
  };

  const marketRows = (
    frame: Record<string, unknown>,
    recvMs: number,
    connection: Connection,
    subscription: Subscription,
  ): RowGroup => {
    if (frame.type === 'ticker') return tickerRows(frame, recvMs, markets, 'frame');
    if (frame.type === 'trade') {
      if (object(frame.msg, 'msg').is_block_trade === true) {
        findings.blockTrades++;
        return [];
      }
      return [tradeRow(frame, recvMs, markets, 'frame')];
    }
    if (connection.yesPrices === null) {
      findings.unopened++;
      return [];
    }
    const rows = bookRows(frame, recvMs, markets, 'frame', connection.yesPrices);
    const { kind, market } = rows[0]!;
    if (kind === RowKind.clear) whole.set(market, subscription);
    else if (whole.get(market) !== subscription) {
      findings.untrusted++;
      return [];
    }
    return rows;
  };

  /** A frame that cannot be read: what it would have changed is not known any more. */
  const onMalformed = (record: CaptureRecord & { type: 'frame' }, error: WireError): RowGroup => {
    findings.malformed++;
    if (!findings.faults.has(error.path)) findings.faults.set(error.path, error.message.split('\n', 1)[0]!);
    if (record.feed !== KALSHI_FEED) return [];
    const ticker = /"market_ticker":"([^"]+)"/.exec(record.raw)?.[1];
    const spoiled = ticker === undefined ? undefined : markets.get(ticker)?.index;
    if (/"type":"(ticker|trade)"/.test(record.raw)) return [];
    return lose(record.recvUs, (_, market) => spoiled === undefined || market === spoiled);
  };

  return {
    read(record) {
      let rows: RowGroup;
      try {
        if (record.type === 'control') rows = readControl(record);
        else rows = record.feed === KALSHI_FEED ? readFrame(record) : readSpot(record);
      } catch (error) {
        if (!(error instanceof WireError) || record.type === 'control') throw error;
        rows = onMalformed(record, error);
      }
      return rows.length === 0 ? null : rows;
    },
    end(recvUs) {
      const rows = lose(recvUs, () => true);
      return rows.length === 0 ? null : rows;
    },
  };
}

interface Connection {
  /** Null when its opening is missing. */
  readonly yesPrices: boolean | null;
  readonly subscriptions: Map<number, Subscription>;
}

interface Subscription {
  readonly check: (seq: number) => SequenceVerdict;
  /** Wire name, once it is known. */
  channel: string | null;
}

const UNCOUNTED: ReadonlySet<unknown> = new Set(['ticker', 'fill', 'user_order', 'market_position']);
