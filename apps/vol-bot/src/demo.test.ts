import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, expect, it } from 'vitest';
import { killBots, startBot, summaryOf } from './testing/bot-process.ts';

const dir = mkdtempSync(join(tmpdir(), 'vol-bot-demo-'));
afterAll(() => {
  killBots();
  rmSync(dir, { recursive: true });
});

it.concurrent('demonstrates sessions and fills with nothing but itself, and prints one JSON document', async () => {
  const ended = await startBot(['demo', '--for', '14', '--json', '--data-dir', dir]).ended;
  expect(ended, ended.stderr).toMatchObject({ code: 0, signal: null });
  const summary = summaryOf(ended);
  expect(summary).toMatchObject({ restingOrders: 0, differences: [], paper: false });
  expect(summary.fills).toBeGreaterThan(0);
  const database = new DatabaseSync(join(dir, 'trading_analytics.db'), { readOnly: true });
  const [sessions] = database
    .prepare("select count(*) as n from volatility_sessions where start_reason = 'volatility'")
    .all();
  database.close();
  expect(sessions!.n).toBeGreaterThan(0);
});

it.concurrent('runs on a world and a configuration of one’s own', async () => {
  const args = [
    'demo',
    '--for',
    '2',
    '--json',
    '--seed',
    'other',
    '--speed',
    '5',
    '--data-dir',
    join(dir, 'own'),
  ];
  const ended = await startBot(args).ended;
  expect(ended, ended.stderr).toMatchObject({ code: 0 });
  expect(summaryOf(ended)).toMatchObject({ differences: [] });
});
