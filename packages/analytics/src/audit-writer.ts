import { type AuditRecord, MmError, type RunId, type Ticker } from '@kalshi-mm/core';
import type BetterSqlite from 'better-sqlite3';
import { projectRecord, rowsOf } from './project-record.ts';
import type { Touch } from './projection.ts';
import type { RunEnd, RunStart } from './run.ts';
import { sqliteError } from './sqlite-error.ts';
import { createStore, type Store } from './store.ts';

/** Rows of one transaction: about 0.1 ms of work, so that writing never holds up the event loop. */
const ROWS_PER_TRANSACTION = 100;
/** When the database refuses to be written, this many rows are kept for a later attempt. */
const MAX_WAITING_ROWS = 50_000;

type Item =
  | { readonly type: 'start'; readonly run: RunStart; readonly account: string }
  | { readonly type: 'end'; readonly end: RunEnd }
  | { readonly type: 'record'; readonly record: AuditRecord };

interface Run {
  readonly account: string;
  /** Of the last record taken in, written or waiting. */
  lastSequence: number;
}

/** Takes audit records in, keeps a few, and writes them in short transactions. One writer per file. */
export class AuditWriter {
  readonly #database: BetterSqlite.Database;
  readonly #path: string;
  readonly #store: Store;
  readonly #runs = new Map<RunId, Run>();
  readonly #touches = new Map<string, Map<Ticker, Touch>>();
  readonly #waiting: Item[] = [];
  #waitingRows = 0;

  constructor(database: BetterSqlite.Database, path: string) {
    this.#database = database;
    this.#path = path;
    this.#store = createStore(database);
  }

  start(run: RunStart): void {
    const account = run.account ?? (run.mode === 'live' ? 'live' : run.runId);
    if (this.#run(run.runId) !== undefined) {
      this.flush();
      this.#requireSame(run, account);
      return;
    }
    this.#push({ type: 'start', run, account }, 1, () => {
      this.#runs.set(run.runId, { account, lastSequence: 0 });
    });
  }

  end(end: RunEnd): void {
    this.#require(end.runId);
    this.#push({ type: 'end', end }, 1, () => {});
  }

  /** Ignores a record that was taken in before. */
  ingest(record: AuditRecord): void {
    const run = this.#require(record.runId);
    if (record.sequence <= run.lastSequence) return;
    // Taken in before it is written: after a failed write it waits here, and is not wanted a second time.
    this.#push({ type: 'record', record }, rowsOf(record), () => {
      run.lastSequence = record.sequence;
    });
  }

  /** Writes everything that waits. What a failed write was about to write goes on waiting. */
  flush(): void {
    while (this.#waiting.length > 0) this.#writeSome();
  }

  #push(item: Item, rows: number, taken: () => void): void {
    if (this.#waitingRows + rows > MAX_WAITING_ROWS) {
      throw new MmError('analytics-full', 'Too many rows wait for the trading database.', {
        facts: { path: this.#path, waitingRows: this.#waitingRows },
        todo: 'Find out why earlier writes failed; ingest the missing records again from the journal.',
        recovery: 'retry',
      });
    }
    this.#waiting.push(item);
    this.#waitingRows += rows;
    taken();
    if (this.#waitingRows >= ROWS_PER_TRANSACTION) this.flush();
  }

  #writeSome(): void {
    let rows = 0;
    let items = 0;
    for (const item of this.#waiting) {
      const more = weight(item);
      if (items > 0 && rows + more > ROWS_PER_TRANSACTION) break;
      rows += more;
      items++;
    }
    const batch = this.#waiting.slice(0, items);
    try {
      this.#database.transaction(() => this.#write(batch)).immediate();
    } catch (error) {
      throw sqliteError(error, this.#path);
    }
    this.#waiting.splice(0, items);
    this.#waitingRows -= rows;
  }

  #write(batch: readonly Item[]): void {
    for (const item of batch) {
      if (item.type === 'start') this.#writeStart(item.run, item.account);
      else if (item.type === 'end') this.#writeEnd(item.end);
      else this.#writeRecord(item.record);
    }
  }

  #writeStart(run: RunStart, account: string): void {
    this.#store.insert('strategy_runs', {
      run_id: run.runId,
      account,
      strategy_name: run.strategyName,
      market_ticker: run.marketTicker ?? null,
      mode: run.mode,
      start_ms: run.startedMs,
      end_ms: null,
      config_params: run.configJson,
      summary: null,
      last_sequence: 0,
      missing_records: 0,
    });
  }

  #writeEnd(end: RunEnd): void {
    this.#store.update(
      'strategy_runs',
      { run_id: end.runId },
      { end_ms: end.endedMs, summary: end.summary === undefined ? null : JSON.stringify(end.summary) },
    );
  }

  #writeRecord(record: AuditRecord): void {
    const run = this.#store.first('strategy_runs', { run_id: record.runId })!;
    let touches = this.#touches.get(run.account);
    if (touches === undefined) {
      touches = new Map();
      this.#touches.set(run.account, touches);
    }
    projectRecord({ store: this.#store, account: run.account, record, touches });
    this.#store.update(
      'strategy_runs',
      { run_id: record.runId },
      {
        last_sequence: record.sequence,
        missing_records: run.missing_records + record.sequence - run.last_sequence - 1,
      },
    );
  }

  #run(runId: RunId): Run | undefined {
    const known = this.#runs.get(runId);
    if (known !== undefined) return known;
    const row = this.#store.first('strategy_runs', { run_id: runId });
    if (row === undefined) return undefined;
    const run: Run = { account: row.account, lastSequence: row.last_sequence };
    this.#runs.set(runId, run);
    return run;
  }

  #require(runId: RunId): Run {
    const run = this.#run(runId);
    if (run !== undefined) return run;
    throw new MmError('analytics-unknown-run', `The trading database knows no run ${runId}.`, {
      todo: 'Call startRun before the first record of a run.',
    });
  }

  #requireSame(run: RunStart, account: string): void {
    const row = this.#store.first('strategy_runs', { run_id: run.runId })!;
    const same =
      row.start_ms === run.startedMs && row.config_params === run.configJson && row.account === account;
    if (same) return;
    throw new MmError(
      'analytics-run-exists',
      `The trading database already holds another run ${run.runId}.`,
      {
        facts: { path: this.#path },
        todo: 'Give every run its own id.',
      },
    );
  }
}

function weight(item: Item): number {
  return item.type === 'record' ? rowsOf(item.record) : 1;
}
