import { createReadStream, existsSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Analytics } from '@kalshi-mm/analytics';
import type { AuditRecord } from '@kalshi-mm/core';
import type { Logger } from './logger.ts';

/**
 * Brings the database up to the journals of runs that never ended: what a killed process had decided, but not yet
 * written to the database, is in its journal.
 */
export async function catchUp(
  analytics: Analytics,
  account: string,
  dataDir: string,
  log: Logger,
): Promise<void> {
  const unfinished = await analytics.database
    .selectFrom('strategy_runs')
    .select(['run_id', 'last_sequence'])
    .where('account', '=', account)
    .where('end_ms', 'is', null)
    .orderBy('start_ms')
    .execute();
  for (const { run_id, last_sequence } of unfinished) {
    const path = journalPath(dataDir, run_id);
    if (!existsSync(path)) continue;
    let records = 0;
    for await (const line of createInterface({ input: createReadStream(path), crlfDelay: Infinity })) {
      const record = parseRecord(line);
      if (record === null || record.sequence <= last_sequence) continue;
      analytics.ingest(record);
      records++;
    }
    if (records > 0)
      log.info({ run: run_id, records }, 'database completed from the journal of a killed run');
  }
  await analytics.flush();
}

export function journalPath(dataDir: string, runId: string): string {
  return join(dataDir, `${runId}.audit.jsonl`);
}

/** The last line of a killed process may be torn. */
function parseRecord(line: string): AuditRecord | null {
  try {
    return JSON.parse(line) as AuditRecord;
  } catch {
    return null;
  }
}
