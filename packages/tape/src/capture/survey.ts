import { readdirSync, statSync } from 'node:fs';
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
  firstUs: number;
}

/** What captures hold, found in a first reading. */
export interface CaptureSurvey {
  readonly sessions: readonly CaptureSession[];
  /** The last record of each market. */
  readonly markets: ReadonlyMap<Ticker, Market>;
  /** By `instrumentKey`, in order of appearance. */
  readonly instruments: ReadonlyMap<string, Instrument>;
  /** Channels that were subscribed, by wire name. */
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
  const paths = inputs.flatMap(captureFiles);
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
      if (header !== null) {
        recorders.add(header.recorder);
        const session = sessions.get(header.session) ?? {
          name: header.session,
          paths: [],
          firstUs: header.startedUs,
        };
        session.paths.push(path);
        sessions.set(header.session, session);
      }
      const records = capture.records({
        onDamage: (found) => damage.push({ ...found, path }),
        onBytes: (read) => onBytes(path, read),
      });
      for (const record of records) {
        if (record.type === 'control') {
          if (record.control.kind === 'market') {
            markets.set(record.control.market.ticker, record.control.market);
          }
        } else if (record.feed === KALSHI_FEED) {
          const channel = channelOf(record.raw);
          if (channel !== null) channels.add(channel);
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

/** An acknowledgement is short, and only it names a channel; the order of its keys is not fixed. */
function channelOf(raw: string): string | null {
  if (raw.length > 400 || !raw.includes('"subscribed"')) return null;
  return /"channel":\s*"([a-z0-9_]+)"/.exec(raw)?.[1] ?? null;
}

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

/** In the order of their first records. */
function headersOf(paths: readonly string[]) {
  return paths
    .map((path) => {
      const capture = openCapture(path);
      capture.close();
      return { path, header: capture.header, size: capture.bytes };
    })
    .sort((a, b) => (a.header?.startedUs ?? 0) - (b.header?.startedUs ?? 0) || (a.path < b.path ? -1 : 1));
}
