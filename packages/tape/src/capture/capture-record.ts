import { type Market, WireError } from '@kalshi-mm/core';
import { object, oneOf, text } from '../json-fields.ts';
import { decodeMarket, encodeMarket } from '../market-codec.ts';

/** The feed whose frames need no name. */
export const KALSHI_FEED = 'kalshi';

/** What a recorder notes beside the frames. */
export type CaptureControl =
  /** A connection is open; `yesPrices`: its NO levels come in YES prices. */
  | {
      readonly kind: 'connected';
      readonly connection: number;
      readonly feed: string;
      readonly url: string;
      readonly yesPrices: boolean;
    }
  /** The same of a connection that was open before this file began: what makes the file readable without those before. */
  | {
      readonly kind: 'open';
      readonly connection: number;
      readonly feed: string;
      readonly url: string;
      readonly yesPrices: boolean;
    }
  /** A connection has ended: what comes after it is not known until the next one. */
  | { readonly kind: 'closed'; readonly connection: number; readonly reason: string }
  /** The facts of a market, as of now; the last record of a market counts. */
  | { readonly kind: 'market'; readonly market: Market }
  /** Frames that the writer had no room for, just before this record. */
  | { readonly kind: 'dropped'; readonly frames: number; readonly bytes: number }
  /** Frames of a channel were lost before they reached us. `connection` is null where the recorder did not say. */
  | { readonly kind: 'gap'; readonly channel: string; readonly connection: number | null };

/** One line of a capture. */
export type CaptureRecord =
  | {
      readonly type: 'frame';
      /** Receive time, microseconds since the epoch. */
      readonly recvUs: number;
      readonly connection: number;
      readonly feed: string;
      /** The frame as it came. */
      readonly raw: string;
    }
  | { readonly type: 'control'; readonly recvUs: number; readonly control: CaptureControl };

/** What stands before a frame's bytes in its line; they end before the last `}`. */
export function framePrefix(recvUs: number, connection: number, feed: string): string {
  return feed === KALSHI_FEED
    ? `{"t":${recvUs},"c":${connection},"f":`
    : `{"t":${recvUs},"c":${connection},"x":${JSON.stringify(feed)},"f":`;
}

/** A frame that breaks lines stands as text. */
export const brokenFrameLine = (recvUs: number, connection: number, feed: string, raw: string): string =>
  `${framePrefix(recvUs, connection, feed).slice(0, -4)}"s":${JSON.stringify(raw)}}`;

export function controlLine(recvUs: number, control: CaptureControl): string {
  const { kind, ...rest } = control;
  const body = control.kind === 'market' ? { market: encodeMarket(control.market) } : rest;
  return JSON.stringify({ t: recvUs, k: kind, ...body });
}

/** @throws WireError when the line was not written by a recorder */
export function parseRecord(line: string): CaptureRecord {
  const frame = FRAME.exec(line);
  if (frame === null) return parseControl(line);
  const [prefix, t, c, x, form] = frame;
  const body = line.slice(prefix.length, -1);
  return {
    type: 'frame',
    recvUs: Number(t),
    connection: Number(c),
    feed: x === undefined ? KALSHI_FEED : (JSON.parse(x) as string),
    raw: form === 'f' ? body : (JSON.parse(body) as string),
  };
}

const FRAME = /^\{"t":(\d{1,16}),"c":(\d{1,9}),(?:"x":("(?:[^"\\]|\\.)*"),)?"([fs])":/;

function parseControl(line: string): CaptureRecord {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    throw new WireError('line', 'a record', line);
  }
  const from = object(value, 'line');
  const recvUs = whole(from.t, 't');
  const kind = oneOf(['connected', 'open', 'closed', 'market', 'dropped', 'gap'], from.k, 'k');
  return { type: 'control', recvUs, control: readControl(kind, from) };
}

function readControl(kind: CaptureControl['kind'], from: Record<string, unknown>): CaptureControl {
  switch (kind) {
    case 'connected':
    case 'open':
      return {
        kind,
        connection: whole(from.connection, 'connection'),
        feed: text(from.feed, 'feed'),
        url: text(from.url, 'url'),
        yesPrices: from.yesPrices === true,
      };
    case 'closed':
      return {
        kind,
        connection: whole(from.connection, 'connection'),
        reason: typeof from.reason === 'string' ? from.reason : '',
      };
    case 'market':
      return { kind, market: decodeMarket(from.market, 'market') };
    case 'dropped':
      return { kind, frames: whole(from.frames, 'frames'), bytes: whole(from.bytes, 'bytes') };
    case 'gap':
      return {
        kind,
        channel: text(from.channel, 'channel'),
        connection: from.connection == null ? null : whole(from.connection, 'connection'),
      };
  }
}

function whole(value: unknown, path: string): number {
  if (!Number.isSafeInteger(value) || (value as number) < 0) {
    throw new WireError(path, 'a whole number', value);
  }
  return value as number;
}
