import { type Market, MmError } from '@kalshi-mm/core';
import { createTapeWriter } from '../file/create-tape-writer.ts';
import { lookupOf } from '../importers/frame-rows.ts';
import type { ImportProgress, ImportReport } from '../importers/import-dataset.ts';
import type { GroupSource } from '../importers/merge-by-time.ts';
import type { RowGroup } from '../importers/trade-pairing.ts';
import { createTally, findingsOf, inOrder, writeGroups } from '../importers/write-groups.ts';
import { marketIndex } from '../market-index.ts';
import { openCapture } from './open-capture.ts';
import { createSessionRows, type SessionContext, type SessionFindings } from './session-rows.ts';
import type { SpotDecoder } from './spot-tick.ts';
import {
  type CaptureSession,
  type CaptureSurvey,
  pausesOf,
  refuseOverlap,
  surveyCaptures,
} from './survey.ts';

export interface CompileOptions {
  /** Only this market. */
  readonly ticker?: string;
  /** Readers of the frames of other feeds, by the feed's name; frames without one are left out and counted. */
  readonly decoders?: Readonly<Record<string, SpotDecoder>>;
  readonly onProgress?: (progress: ImportProgress) => void;
  /** Stops the work and removes what it has written. */
  readonly signal?: AbortSignal;
}

/**
 * Makes one tape of captures: files, or folders of them. Sessions of several recorders are merged by receive time; no
 * two may have seen the same market at the same time.
 * Torn tails, damaged blocks, gaps and frames that cannot be read are in the report; where they make a book
 * unknown, the tape says so with a `connected` row.
 *
 * @throws MmError `source-empty`, `unknown-ticker`, `captures-overlap`, `import-stopped`, or what a file is refused for
 */
export async function compileCaptures(
  inputs: readonly string[],
  out: string,
  options: CompileOptions = {},
): Promise<ImportReport> {
  const decoders = options.decoders ?? {};
  const read = new Map<string, number>();
  const survey = surveyCaptures(inputs, decoders, () => {});
  const all = [...survey.markets.values()].sort((a, b) => (a.ticker < b.ticker ? -1 : 1));
  if (all.length === 0 && survey.instruments.size === 0) {
    throw new MmError('source-empty', `${inputs.join(', ')}: no market record in the captures`, {
      todo: 'A recorder notes the facts of every market; without them its frames cannot be read.',
    });
  }
  const { ticker } = options;
  const markets = ticker === undefined ? all : [all[marketIndex(all, ticker, inputs.join(', '))]!];
  refuseOverlap(
    survey.sessions,
    markets.map((market) => market.ticker),
  );
  const findings = emptyFindings();
  const context: SessionContext = {
    markets: lookupOf(markets),
    ignored: new Set(all.map((market) => market.ticker as string)),
    instruments: new Map([...survey.instruments.keys()].map((key, i) => [key, markets.length + i])),
    decoders,
    findings,
  };
  const writer = createTapeWriter(out, {
    source: [...survey.recorders].sort().join(' and '),
    labels: labelsOf(survey),
    receiveUnit: 'us',
    markets,
    instruments: [...survey.instruments.values()],
  });
  try {
    const tally = createTally();
    const sources = survey.sessions.map((session) =>
      inOrder(
        sessionGroups(session, context, (path, bytes) => read.set(path, bytes)),
        survey.channels.has('trade'),
        tally,
      ),
    );
    await writeGroups(sources, markets, writer, tally, {
      signal: options.signal,
      onBatch: () =>
        options.onProgress?.({
          bytesRead: [...read.values()].reduce((sum, bytes) => sum + bytes, 0),
          bytesTotal: survey.bytes,
          rows: writer.rows,
        }),
    });
    const pauses = pausesOf(survey.sessions);
    const paused = pauses.length === 0 ? [] : [`Nothing was recorded from ${firstOf(pauses)}.`];
    const warnings = [...damageOf(survey), ...paused, ...wordsOf(findings), ...findingsOf(tally)];
    const totals = writer.close(warnings);
    return { file: out, ...totals, markets: markets.map((market: Market) => market.ticker), warnings };
  } catch (error) {
    writer.abort();
    throw error;
  }
}

const BATCH = 512;

async function* sessionGroups(
  session: CaptureSession,
  context: SessionContext,
  onBytes: (path: string, bytes: number) => void,
): GroupSource {
  const rows = createSessionRows(context, session.name);
  let batch: RowGroup[] = [];
  let lastUs = session.firstUs;
  for (const path of session.paths) {
    const capture = openCapture(path);
    try {
      for (const record of capture.records({ onBytes: (bytes) => onBytes(path, bytes) })) {
        lastUs = record.recvUs;
        const group = rows.read(record);
        if (group === null) continue;
        batch.push(group);
        if (batch.length < BATCH) continue;
        yield batch;
        batch = [];
      }
    } finally {
      capture.close();
    }
  }
  const end = rows.end(lastUs);
  yield end === null ? batch : [...batch, end];
}

function labelsOf({ channels, instruments }: CaptureSurvey) {
  return {
    trades: channels.has('trade'),
    depth: channels.has('orderbook_delta') ? 'full' : channels.has('ticker') ? 'top' : 'none',
    receiveClock: 'local',
    exchangeClock: true,
    ticker: channels.has('ticker'),
    spot: instruments.size > 0,
  } as const;
}

const emptyFindings = (): SessionFindings => ({
  gaps: new Map(),
  outages: [],
  malformed: 0,
  faults: new Map(),
  untrusted: 0,
  unopened: 0,
  dropped: 0,
  blockTrades: 0,
  unknownMarkets: new Set(),
  unreadFeeds: new Map(),
});

const damageOf = ({ damage }: CaptureSurvey): string[] =>
  damage.map(({ kind, path, byte, bytes }) =>
    kind === 'torn-tail'
      ? `${path} is torn: the ${bytes} bytes from byte ${byte} on are cut.`
      : `${path} is damaged: the ${bytes} bytes from byte ${byte} on are passed over.`,
  );

function wordsOf(findings: SessionFindings): string[] {
  const words: string[] = [];
  for (const [channel, gaps] of findings.gaps) {
    const places = [...gaps].map(([connection, count]) => `${count} on connection ${connection}`);
    const count = [...gaps.values()].reduce((sum, each) => sum + each, 0);
    words.push(`${count} gaps in the channel ${channel}: ${firstOf(places)}.`);
  }
  if (findings.outages.length > 0) {
    words.push(
      `${findings.outages.length} connections ended during the recording, and what was sent until the next one is missing: ${firstOf(findings.outages)}.`,
    );
  }
  if (findings.dropped > 0) words.push(`The recorder had no room for ${findings.dropped} frames.`);
  if (findings.malformed > 0) {
    words.push(`${findings.malformed} frames cannot be read: ${[...findings.faults.values()].join('; ')}.`);
  }
  if (findings.untrusted > 0) {
    words.push(`${findings.untrusted} book changes came while their book was unknown and are left out.`);
  }
  if (findings.unopened > 0) {
    words.push(`${findings.unopened} book frames of connections whose opening is missing are left out.`);
  }
  if (findings.blockTrades > 0) words.push(`${findings.blockTrades} block trades are left out.`);
  if (findings.unknownMarkets.size > 0) {
    const names = [...findings.unknownMarkets].sort();
    words.push(`${names.length} markets have no market record and are left out: ${firstOf(names)}.`);
  }
  for (const [feed, count] of findings.unreadFeeds) {
    words.push(`${count} frames of the feed ${feed} are left out: nothing here reads them.`);
  }
  return words;
}

const firstOf = (names: readonly string[]): string =>
  `${names.slice(0, 10).join(', ')}${names.length > 10 ? ', …' : ''}`;
