import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { importDataset } from '@kalshi-mm/tape';
import { dataPath } from '@kalshi-mm/testing';
import { beforeAll, describe, expect, it } from 'vitest';

const dataset = dataPath('kalshi-gold15m-ws');
const main = fileURLToPath(new URL('./main.ts', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'backtest-'));
const tape = join(folder, 'gold.tape');

function backtest(...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      ['--conditions=@kalshi-mm/source', main, ...args],
      { maxBuffer: 64 * 1024 * 1024 },
      (error, stdout, stderr) => resolve({ code: error === null ? 0 : Number(error.code), stdout, stderr }),
    );
  });
}

describe.skipIf(dataset === null)('backtest run (needs the recordings beside the repository)', () => {
  beforeAll(async () => {
    await importDataset(dataset!, tape, { ticker: 'KXGOLD15M-26AUG050800-00' });
  });

  it('prints one JSON document with the contract’s fields, the same in every run', async () => {
    const args = ['run', '--tape', tape, '--strategy', 'as-maker', '--json'];
    const [first, second] = await Promise.all([backtest(...args), backtest(...args)]);
    expect(first.code).toBe(0);
    const report = JSON.parse(first.stdout);
    expect(report).toMatchObject({
      auditHash: expect.stringMatching(/^[0-9a-f]{64}$/),
      events: expect.any(Number),
      eventsPerSecond: expect.any(Number),
      orders: expect.any(Number),
      fills: expect.any(Number),
      contracts: expect.any(Number),
      feesDollars: expect.any(Number),
      pnlDollars: expect.any(Number),
    });
    expect(report.markets).toHaveLength(1);
    expect(report.fills).toBeGreaterThan(0);
    expect(report.markets[0]).toMatchObject({ ticker: 'KXGOLD15M-26AUG050800-00', result: 'yes' });
    expect(JSON.parse(second.stdout).auditHash).toBe(report.auditHash);
  });

  it('writes the audit whose hash it prints, and a configuration changes it', async () => {
    const config = join(folder, 'bot.yaml');
    writeFileSync(config, 'as_model:\n  base_gamma: 0.1\n');
    const audit = join(folder, 'audit.jsonl');
    const base = ['run', '--tape', tape, '--strategy', 'as-maker', '--json'];
    const [plain, changed] = await Promise.all([
      backtest(...base, '--audit', audit),
      backtest(...base, '--config', config),
    ]);
    const { createHash } = await import('node:crypto');
    expect(createHash('sha256').update(readFileSync(audit)).digest('hex')).toBe(
      JSON.parse(plain.stdout).auditHash,
    );
    expect(JSON.parse(changed.stdout).auditHash).not.toBe(JSON.parse(plain.stdout).auditHash);
  });

  it('compares queue models from the lower bound to the upper one', async () => {
    const base = ['run', '--tape', tape, '--strategy', 'as-maker', '--json'];
    const fitted = join(folder, 'queue.json');
    writeFileSync(fitted, '{"kind":"fitted","sharesAhead":[0,0.2,1]}');
    const [all, one, plain] = await Promise.all([
      backtest(...base, '--queue-model', 'all'),
      backtest(...base, '--queue-model', `fitted:${fitted}`),
      backtest(...base),
    ]);
    const reports = JSON.parse(all.stdout).queueModels;
    const models = ['through-only', 'conservative', 'share:0.5', 'power:1', 'power:2', 'log', 'touch'];
    expect(reports.map((report: { queueModel: string }) => report.queueModel)).toEqual(models);
    expect(reports[2].auditHash).toBe(JSON.parse(plain.stdout).auditHash);
    expect(reports[0].fillsByCause.queue ?? 0).toBe(0);
    expect(new Set(reports.map((report: { auditHash: string }) => report.auditHash)).size).toBe(
      models.length,
    );
    const { queueModel, auditHash } = JSON.parse(one.stdout);
    expect(queueModel).toBe('fitted');
    expect(auditHash).not.toBe(reports[2].auditHash);
  });

  it('takes latencies by flag; they follow from the seed', async () => {
    const samples = join(folder, 'latency.txt');
    writeFileSync(samples, '40\n90\n700\n');
    const args = ['run', '--tape', tape, '--strategy', 'as-maker', '--json'];
    const varied = [
      ...args,
      '--entry-latency',
      'lognormal:100,900',
      '--response-latency',
      `recorded:${samples}`,
    ];
    const [first, second, plain] = await Promise.all([
      backtest(...varied),
      backtest(...varied),
      backtest(...args),
    ]);
    const report = JSON.parse(first.stdout);
    expect(report).toMatchObject({
      entryLatency: 'lognormal:100,900,0',
      responseLatency: 'recorded (3 samples)',
    });
    expect(JSON.parse(second.stdout).auditHash).toBe(report.auditHash);
    expect(JSON.parse(plain.stdout).auditHash).not.toBe(report.auditHash);
  });

  it('reads a page for people', async () => {
    const { code, stdout } = await backtest(
      'run',
      '--tape',
      tape,
      '--strategy',
      'as-maker',
      '--sessions',
      'volatility',
    );
    expect(code).toBe(0);
    for (const word of ['orders', 'fills', 'fees', 'PnL', 'mark-outs', 'audit', 'KXGOLD15M-26AUG050800-00']) {
      expect(stdout).toContain(word);
    }
  });

  it('refuses a tape that is cut off, and says so', async () => {
    const cut = join(folder, 'cut.tape');
    writeFileSync(cut, readFileSync(tape));
    truncateSync(cut, 10_000);
    const { code, stderr } = await backtest('run', '--tape', cut, '--strategy', 'as-maker');
    expect(code).toBe(1);
    expect(stderr).toContain('cut.tape');
    expect(stderr).not.toContain('    at ');
  });

  it('refuses an audit file that cannot be written, before it plays anything', async () => {
    const audit = join(folder, 'missing', 'audit.jsonl');
    const { code, stderr } = await backtest(
      'run',
      '--tape',
      tape,
      '--strategy',
      'as-maker',
      '--audit',
      audit,
    );
    expect(code).toBe(1);
    expect(stderr).toContain(audit);
    expect(stderr).not.toContain('    at ');
  });

  it('refuses a tape without a book, saying what it holds, and notes that another was polled', async () => {
    const top = join(folder, 'top.tape');
    await importDataset(dataPath('kalshi-crypto15m-top-of-book')!, top);
    const refused = await backtest('run', '--tape', top, '--strategy', 'as-maker');
    expect(refused.code).toBe(1);
    expect(refused.stderr).toContain(
      'top.tape cannot be traded on: it holds best bid and ask only, without sizes',
    );
    const polled = join(folder, 'polled.tape');
    await importDataset(dataPath('kalshi-polled-books-2026-07')!, polled, { part: 'weather_books' });
    const played = await backtest('run', '--tape', polled, '--strategy', 'as-maker', '--json');
    expect(played.code, played.stderr).toBe(0);
    expect(JSON.parse(played.stdout).notes).toContainEqual(expect.stringContaining('the tape is polled'));
  });

  it.skipIf(process.platform !== 'linux')('says so when the disk of the audit is full', async () => {
    const { code, stderr } = await backtest(
      ...['run', '--tape', tape, '--strategy', 'as-maker', '--audit', '/dev/full'],
    );
    expect(code).toBe(1);
    expect(stderr).toMatch(/^The audit cannot be written: \/dev\/full\n {2}reason: ENOSPC\n/);
  });

  it('refuses tapes that overlap', async () => {
    const { code, stderr } = await backtest('run', '--tape', tape, tape, '--strategy', 'as-maker');
    expect(code).toBe(1);
    expect(stderr).toMatch(/overlap|two tapes/i);
  });
});

describe('backtest', () => {
  it.each([
    [['run', '--tape', '/nowhere.tape', '--strategy', 'as-maker'], 1, /\/nowhere\.tape/],
    [['run', '--tape', 'x', '--strategy', 'as-taker'], 2, /as-taker[\s\S]*as-maker/],
    [['run', '--tape', 'x', '--strategy', 'as-maker', '--sessions', 'never'], 2, /never/],
    [['run', '--strategy', 'as-maker'], 2, /--tape/],
    [['run', '--tape', 'x', '--strategy', 'as-maker', '--fast'], 2, /--fast/],
    [['run', '--tape', 'x', '--strategy', 'as-maker', '--config', '/nowhere.yaml'], 1, /\/nowhere\.yaml/],
    [['run', '--tape', 'x', '--strategy', 'as-maker', '--queue-model', 'hope'], 1, /hope[\s\S]*conservative/],
    [['run', '--tape', 'x', '--strategy', 'as-maker', '--queue-model', 'fitted:/no.json'], 1, /\/no\.json/],
    [['run', '--tape', 'x', '--strategy', 'as-maker', '--entry-latency', 'soon'], 1, /soon[\s\S]*lognormal/],
  ])('%j exits with %i and says why', async (args, expected, message) => {
    const { code, stderr, stdout } = await backtest(...args);
    expect(code).toBe(expected);
    expect(stderr).toMatch(message);
    expect(stderr).not.toContain('    at ');
    expect(stdout).toBe('');
  });

  it('explains itself', async () => {
    const { code, stdout } = await backtest('run', '--help');
    expect(code).toBe(0);
    expect(stdout).toContain('--tape');
  });
});
