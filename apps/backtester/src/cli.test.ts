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
