import { readdirSync, realpathSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { type Market, MmError, type Ticker, WireError } from '@kalshi-mm/core';
import { fileError } from '../file/tape-errors.ts';
import type { Instrument } from '../tape-header.ts';
import { KALSHI_FEED } from './capture-record.ts';
import { type CaptureDamage, openCapture } from './open-capture.ts';
import { instrumentKey } from './session-rows.ts';
import type { SpotDecoder } from './spot-tick.ts';

/** Files that one run of a recorder wrote, in order. */
export interface CaptureSession {
  readonly name: string;
  readonly paths: string[];
  readonly firstUs: number;
  /** Receive time of the latest record. */
  lastUs: number;
  /** First and last receive time of what was told about each market. */
  readonly spans: Map<string, Span>;
}

interface Span {
  readonly firstUs: number;
  lastUs: number;
}

/** What captures hold, found in a first reading. */
export interface CaptureSurvey {
  readonly sessions: readonly CaptureSession[];
  /** The last record of each market. */
  readonly markets: ReadonlyMap<Ticker, Market>;
  /** By `instrumentKey`, in order of appearance. */
  readonly instruments: ReadonlyMap<string, Instrument>;
  /** Channels that were subscribed or have told something, by wire name. */
  readonly channels: ReadonlySet<string>;
  readonly recorders: ReadonlySet<string>;
  readonly bytes: number;
  readonly damage: readonly (CaptureDamage & { readonly path: string })[];
}

/** @param inputs files, or folders whose `*.capture` files are meant */
export function surveyCaptures(
  inputs: readonly string[],
  decoders: Readonly<Record<string, SpotDecoder>>,
  onBytes: (path: string, bytes: number) => void,
): CaptureSurvey {
  const paths = new Set(inputs.flatMap(captureFiles).map((path) => realpathSync(path)));
  const sessions = new Map<string, CaptureSession>();
  const markets = new Map<Ticker, Market>();
  const instruments = new Map<string, Instrument>();
  const channels = new Set<string>();
  const recorders = new Set<string>();
  const damage: (CaptureDamage & { path: string })[] = [];
  let bytes = 0;
  for (const { path, header, size } of headersOf(paths)) {
    bytes += size;
    const capture = openCapture(path);
    try {
      let session: CaptureSession | null = null;
      if (header !== null) {
        recorders.add(header.recorder);
        const { session: name, startedUs: firstUs } = header;
        session = sessions.get(name) ?? { name, paths: [], firstUs, lastUs: firstUs, spans: new Map() };
        session.paths.push(path);
        sessions.set(name, session);
      }
      const records = capture.records({
        onDamage: (found) => damage.push({ ...found, path }),
        onBytes: (read) => onBytes(path, read),
      });
      for (const record of records) {
        if (session !== null && record.recvUs > session.lastUs) session.lastUs = record.recvUs;
        if (record.type === 'control') {
          if (record.control.kind === 'market') {
            markets.set(record.control.market.ticker, record.control.market);
          }
        } else if (record.feed === KALSHI_FEED) {
          const channel = channelOf(record.raw);
          if (channel !== null) channels.add(channel);
          const ticker = DATA.has(channel) ? TICKER.exec(record.raw)?.[1] : undefined;
          if (ticker !== undefined) extend(session!.spans, ticker, record.recvUs);
        } else {
          const symbol = symbolOf(record.raw, decoders[record.feed]);
          if (symbol !== null) {
            instruments.set(instrumentKey(record.feed, symbol), { symbol, source: record.feed });
          }
        }
      }
    } finally {
      capture.close();
    }
  }
  return { sessions: [...sessions.values()], markets, instruments, channels, recorders, bytes, damage };
}

/** What a frame belongs to, or what it says is subscribed. The order of keys is not fixed. */
function channelOf(raw: string): string | null {
  const type = TYPE.exec(raw)?.[1];
  if (type === undefined) return null;
  if (type === 'subscribed') return /"channel":\s*"([a-z0-9_]+)"/.exec(raw)?.[1] ?? null;
  return type.startsWith('orderbook_') ? 'orderbook_delta' : type;
}

const TYPE = /"type":\s*"(orderbook_snapshot|orderbook_delta|trade|ticker|subscribed)"/;
const TICKER = /"market_ticker":\s*"([^"]+)"/;
const DATA: ReadonlySet<string | null> = new Set(['orderbook_delta', 'trade', 'ticker']);

function extend(spans: Map<string, Span>, ticker: string, recvUs: number): void {
  const span = spans.get(ticker);
  if (span === undefined) spans.set(ticker, { firstUs: recvUs, lastUs: recvUs });
  else if (recvUs > span.lastUs) span.lastUs = recvUs;
}

/**
 * A market that two recorders saw at the same time would be on the tape twice.
 *
 * @throws MmError `captures-overlap`
 */
export function refuseOverlap(sessions: readonly CaptureSession[], tickers: readonly string[]): void {
  for (const ticker of tickers) {
    const seen = sessions
      .flatMap((session) => {
        const span = session.spans.get(ticker);
        return span === undefined ? [] : [{ session, ...span }];
      })
      .sort((a, b) => a.firstUs - b.firstUs);
    for (const [i, later] of seen.entries()) {
      const earlier = seen[i - 1];
      if (earlier === undefined || earlier.lastUs < later.firstUs) continue;
      const words = ({ session, firstUs, lastUs }: typeof later): string =>
        `session ${session.name} has it from ${isoOf(firstUs)} to ${isoOf(lastUs)} (${session.paths.join(', ')})`;
      throw new MmError('captures-overlap', `Two captures overlap for the market ${ticker}`, {
        facts: { one: words(earlier), other: words(later) },
        todo: 'Compile them one at a time to a tape each, or leave one out. Two recorders saw the market at the same time, or a clock was set back.',
      });
    }
  }
}

/** Times between sessions in which nothing was recorded, in words. */
export function pausesOf(sessions: readonly CaptureSession[]): string[] {
  const pauses: string[] = [];
  let endUs = Number.POSITIVE_INFINITY;
  for (const { firstUs, lastUs } of sessions.toSorted((a, b) => a.firstUs - b.firstUs)) {
    if (firstUs > endUs) pauses.push(`${isoOf(endUs)} to ${isoOf(firstUs)}`);
    endUs = endUs === Number.POSITIVE_INFINITY ? lastUs : Math.max(endUs, lastUs);
  }
  return pauses;
}

const isoOf = (us: number): string => new Date(us / 1_000).toISOString();

function symbolOf(raw: string, decode: SpotDecoder | undefined): string | null {
  try {
    return decode?.(JSON.parse(raw))?.symbol ?? null;
  } catch (error) {
    // Counted as malformed when the rows are made.
    if (error instanceof SyntaxError || error instanceof WireError) return null;
    throw error;
  }
}

function captureFiles(input: string): string[] {
  try {
    if (!statSync(input).isDirectory()) return [input];
    const names = readdirSync(input).filter((name) => name.endsWith('.capture'));
    if (names.length > 0) return names.map((name) => join(input, name));
  } catch (cause) {
    throw fileError(input, 'read', cause);
  }
  throw new MmError('source-empty', `${input} holds no capture`, {
    todo: 'Name a folder that a recorder wrote into.',
  });
}

/** In the order in which each session was written. @throws MmError `captures-overlap` for a copy */
function headersOf(paths: ReadonlySet<string>) {
  const files = [...paths].map((path) => {
    const capture = openCapture(path);
    capture.close();
    return { path, header: capture.header, size: capture.bytes };
  });
  const starts = new Map<string, string>();
  for (const { path, header } of files) {
    if (header === null) continue;
    const start = `${header.session} ${header.startedUs}`;
    const other = starts.get(start);
    if (other !== undefined) {
      throw new MmError('captures-overlap', `${other} and ${path} begin with the same record`, {
        todo: 'One is a copy of the other: leave it out.',
      });
    }
    starts.set(start, path);
  }
  // Within a session the clock may have been set back, but its parts are numbered.
  const begins = new Map<string, number>();
  for (const { header } of files) {
    if (header === null) continue;
    begins.set(header.session, Math.min(header.startedUs, begins.get(header.session) ?? header.startedUs));
  }
  const keyOf = ({ header, path }: (typeof files)[number]) =>
    header === null
      ? ([0, '', 0, 0, path] as const)
      : ([begins.get(header.session)!, header.session, header.part, header.startedUs, path] as const);
  return files.sort((left, right) => {
    const a = keyOf(left);
    const b = keyOf(right);
    const i = a.findIndex((value, at) => value !== b[at]);
    return i < 0 || a[i]! < b[i]! ? -1 : 1;
  });
}
