import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const main = fileURLToPath(new URL('./main.ts', import.meta.url));
const data = fileURLToPath(new URL('../../../../shared/data/', import.meta.url));
const demo = join(data, 'kalshi-demo-session');
const gold = join(data, 'kalshi-gold15m-ws');
const folder = mkdtempSync(join(tmpdir(), 'tape-cli-'));
const tape = join(folder, 'demo.tape');
afterAll(() => rmSync(folder, { recursive: true }));

describe('the command line', () => {
  it.each([['import'], ['compile'], ['merge'], ['export'], ['info'], ['book'], ['fit-queue']])(
    '%s --help shows an example',
    async (command) => {
      const result = await run(command, '--help');
      expect(result).toMatchObject({ code: 0, err: '' });
      expect(result.out).toContain(`$ pnpm tape ${command} `);
    },
  );

  it.each([
    [['nonsense'], "unknown command 'nonsense'"],
    [['info', '--jsno', 'x'], 'Did you mean --json?'],
    [['info'], "missing required argument 'file'"],
    [['export', 'x', '--out', 'y', '--format', 'xml'], 'Allowed choices are csv, parquet'],
    [['export', 'x', '--out', 'y.parquet', '--format', 'csv'], '--format csv does not go with the file name'],
    [['compile', '--out', 'y'], "missing required argument 'capture'"],
    [['import', 'x'], "required option '--out <file>' not specified"],
    [['book', 'x', '--ticker', 'A', '--at', 'noon'], 'Expected milliseconds since the epoch'],
  ])('%j is wrong usage', async (args, message) => {
    const result = await run(...args);
    expect(result).toMatchObject({ code: 2, out: '' });
    expect(result.err).toContain(message);
  });

  it.each([
    ['a missing file', ['info', join(folder, 'absent.tape'), '--json'], 'does not exist'],
    ['a file that is no tape', ['info', main], 'is not a tape'],
    ['a folder', ['info', folder], 'Could not read'],
    ['a folder without captures', ['compile', folder, '--out', join(folder, 'x')], 'holds no capture'],
    [
      'a missing table',
      ['import', join(folder, 'x.csv'), '--out', join(folder, 'x')],
      'x.csv does not exist',
    ],
    [
      'a file that is no table',
      ['import', main, '--out', join(folder, 'x')],
      'is not the folder of a recording',
    ],
    ['an unknown recording', ['import', join(folder), '--out', join(folder, 'x.tape')], 'kalshi-gold15m-ws'],
  ])('%s is one message without a stack', async (_name, args, message) => {
    const result = await run(...args);
    expect(result).toMatchObject({ code: 1, out: '' });
    expect(result.err).toContain(message);
    expect(result.err).not.toMatch(/^\s+at /m);
  });
});

describe.skipIf(!existsSync(demo))('with the demo recording (needs ../shared/data)', () => {
  const ticker = 'KXNEXTTEAMNBA-26LJAM-CLE';
  let imported: Result;
  beforeAll(async () => {
    imported = await run('import', demo, '--out', tape, '--json');
  });

  it('import prints one JSON document', () => {
    expect(imported).toMatchObject({ code: 0, err: '' });
    const report = JSON.parse(imported.out);
    expect(Object.keys(report).sort()).toEqual(['file', 'firstMs', 'lastMs', 'markets', 'rows', 'warnings']);
    expect(report).toMatchObject({
      file: tape,
      rows: 3011,
      firstMs: 1_782_873_105_308,
      lastMs: 1_782_873_420_598,
    });
    expect(report.markets).toHaveLength(5);
  });

  it('fit-queue refuses a recording without trades', async () => {
    const result = await run('fit-queue', '--tape', tape);
    expect(result).toMatchObject({ code: 1, out: '' });
    expect(result.err).toContain('does not tell trades');
  });

  it('import of one market holds only this market', async () => {
    const result = await run('import', demo, '--out', join(folder, 'one.tape'), '--ticker', ticker, '--json');
    expect(JSON.parse(result.out)).toMatchObject({ markets: [ticker], rows: 159 });
  });

  it('import replaces a file only with --force', async () => {
    const refused = await run('import', demo, '--out', tape);
    expect(refused).toMatchObject({ code: 1, out: '' });
    expect(refused.err).toContain('add --force');
    expect(await run('import', demo, '--out', tape, '--force')).toMatchObject({ code: 0, err: '' });
  });

  it.for(['csv', 'parquet'])(
    'export as %s and import again gives the same tape',
    async (format, { skip }) => {
      const table = join(folder, `demo.${format}`);
      const exported = await run('export', tape, '--format', format, '--out', table, '--json');
      if (exported.err.includes('npm install @duckdb/node-api')) skip('needs the package @duckdb/node-api');
      expect(JSON.parse(exported.out)).toEqual({ file: table, header: `${table}.json`, rows: 3011 });
      const again = join(folder, `again-${format}.tape`);
      expect(await run('import', table, '--out', again)).toMatchObject({ code: 0, err: '' });
      expect(readFileSync(again).equals(readFileSync(tape))).toBe(true);
      const refused = await run('export', tape, '--out', table);
      expect(refused.err).toContain('add --force');
      const partly = await run('import', table, '--out', join(folder, 'part.tape'), '--ticker', ticker);
      expect(partly).toMatchObject({ code: 1, out: '' });
      expect(partly.err).toContain('without --ticker');
    },
  );

  it('merge puts single markets together again', async () => {
    const { markets } = JSON.parse((await run('info', tape, '--json')).out);
    const tickers: string[] = markets.map((market: { ticker: string }) => market.ticker);
    const parts = tickers.map((each) => join(folder, `${each}.tape`));
    for (const [i, part] of parts.entries()) {
      await run('import', demo, '--out', part, '--ticker', tickers[i]!);
    }
    const merged = await run('merge', ...parts, '--out', join(folder, 'merged.tape'), '--json');
    expect(JSON.parse(merged.out)).toMatchObject({ markets: tickers });
  });

  it('import asks for the part of a recording that has several', async () => {
    const polled = join(data, 'kalshi-polled-books-2026-07');
    const asked = await run('import', polled, '--out', join(folder, 'part.tape'));
    expect(asked).toMatchObject({ code: 1, out: '' });
    expect(asked.err).toContain('--part');
    const flags = ['--part', 'weather_books', '--out', join(folder, 'part.tape'), '--json'];
    expect(JSON.parse((await run('import', polled, ...flags)).out)).toMatchObject({ rows: 22_217 });
  });

  it('import into a folder that does not exist says so', async () => {
    const result = await run('import', demo, '--out', join(folder, 'no', 'x.tape'));
    expect(result).toMatchObject({ code: 1, out: '' });
    expect(result.err).toContain('its folder does not exist');
  });

  it('info prints the header and the counts of each market', async () => {
    const { out } = await run('info', tape, '--json', '--verify');
    const info = JSON.parse(out);
    expect(info).toMatchObject({
      source: 'kalshi-demo-session',
      rows: 3011,
      firstTime: '2026-07-01T02:31:45.308Z',
      labels: { receiveClock: 'exchange', trades: false },
    });
    expect(info.markets.find((market: { ticker: string }) => market.ticker === ticker)).toMatchObject({
      rows: 159,
      trades: 0,
      closeTime: '2026-07-01T02:37:00.598Z',
    });
    const text = await run('info', tape);
    expect(text.out).toMatch(new RegExp(`${ticker} +159 +0 `));
  });

  it('book prints both sides, best first', async () => {
    const { out } = await run('book', tape, '--ticker', ticker, '--at', '1782873105308', '--json');
    const book = JSON.parse(out);
    expect(Object.keys(book)).toEqual(['ticker', 'atMs', 'bids', 'asks']);
    expect(book.bids.slice(0, 2)).toEqual([
      ['0.2500', '57333.19'],
      ['0.2400', '62499.60'],
    ]);
    // The snapshot's 10693.58 less the 1.84 of the delta in the same millisecond.
    expect(book.asks[0]).toEqual(['0.2600', '10691.74']);
    expect(book.asks.map(([price]: [string]) => price)).toEqual(
      book.asks.map(([price]: [string]) => price).toSorted(),
    );
  });

  it('book names the nearest tickers, and the time range before the first snapshot', async () => {
    const unknown = await run('book', tape, '--ticker', 'KXNEXTTEAMNBA-26LJAM-CLA', '--at', '1782873105308');
    expect(unknown).toMatchObject({ code: 1, out: '' });
    expect(unknown.err).toContain(`nearest names are ${ticker}`);
    const early = await run('book', tape, '--ticker', ticker, '--at', '1782873105307');
    expect(early).toMatchObject({ code: 1, out: '' });
    expect(early.err).toContain('the tape runs from 1782873105308');
  });

  it('book finds a snapshot that lies far back, and says where the recording had lost the book', async () => {
    const [header, ...lines] = [
      'recv_us,exchange_ms,seq,kind,name,side,flags,price,count',
      `1782873105308000,,,clear,${ticker},bid,0,0.0000,0.00`,
      `1782873105308000,,,level,${ticker},bid,0,0.2500,3.00`,
      `1782959505308000,,,delta,${ticker},bid,0,0.2400,2.00`,
      `1782959509308000,,,connected,${ticker},bid,0,0.0000,0.00`,
    ];
    const table = join(folder, 'far.csv');
    await run('export', tape, '--out', table, '--force');
    const intro = JSON.parse(readFileSync(`${table}.json`, 'utf8'));
    writeFileSync(`${table}.json`, JSON.stringify({ ...intro, table: null }));
    writeFileSync(table, `${[header, ...lines].join('\n')}\n`);
    const far = join(folder, 'far.tape');
    await run('import', table, '--out', far);
    const at = (ms: number) => run('book', far, '--ticker', ticker, '--at', String(ms), '--json');
    expect(JSON.parse((await at(1_782_959_505_308)).out).bids).toEqual([
      ['0.2500', '3.00'],
      ['0.2400', '2.00'],
    ]);
    expect((await at(1_782_959_509_308)).err).toContain('the recording had lost it');
    expect((await at(1_782_873_105_307)).err).toContain('no snapshot came before');
  });

  it('a corrupt tape is named with the block', async () => {
    const bytes = readFileSync(tape);
    const block = 24 + bytes.readUInt32LE(12);
    bytes[block + 100]! ^= 1;
    const broken = join(folder, 'broken.tape');
    writeFileSync(broken, bytes);
    const result = await run('book', broken, '--ticker', ticker, '--at', '1782873105308', '--json');
    expect(result).toMatchObject({ code: 1, out: '' });
    expect(result.err).toContain(`block 0 at byte ${block}`);
    expect(result.err).toContain('Re-import from the source');
  });
});

describe.skipIf(!existsSync(gold))('with the gold recording (needs ../shared/data)', () => {
  it('fit-queue says where orders are canceled, and writes a model for the backtester', async () => {
    const market = join(folder, 'gold.tape');
    const model = join(folder, 'queue.json');
    await run('import', gold, '--out', market, '--ticker', 'KXGOLD15M-26AUG050800-00');
    const { code, out } = await run('fit-queue', '--tape', market, '--out', model, '--json');
    expect(code).toBe(0);
    const fit = JSON.parse(out);
    expect(fit).toMatchObject({ markets: 1, observations: fit.counts.observed, scores: [] });
    expect(fit.observations).toBeGreaterThan(1_000);
    // Trades meet the order that was inferred to be first.
    expect(fit.counts.tradesFit / (fit.counts.tradesFit + fit.counts.tradesMisfit)).toBeGreaterThan(0.95);
    const { kind, sharesAhead } = JSON.parse(readFileSync(model, 'utf8'));
    expect(kind).toBe('fitted');
    expect(sharesAhead).toEqual(fit.table.map((each: { value: number }) => each.value));
    const page = await run('fit-queue', '--tape', market);
    expect(page.out).toContain('power-one-sided');
  });

  it('Ctrl+C removes the unfinished file and exits 130', async () => {
    const target = join(folder, 'stopped');
    const leftovers = (): string[] => readdirSync(folder).filter((name) => name.startsWith('stopped'));
    const child = start('import', gold, '--out', target, '--json');
    const done = ended(child);
    // The unfinished file appears when the import is under way.
    while (leftovers().length === 0 && child.exitCode === null) await new Promise(setImmediate);
    child.kill('SIGINT');
    const result = await done;
    expect(result).toMatchObject({ code: 130, out: '' });
    expect(result.err).toContain('stopped');
    expect(leftovers()).toEqual([]);
  });
});

interface Result {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

function start(...args: string[]): ChildProcess {
  return spawn(process.execPath, ['--conditions=@kalshi-mm/source', main, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

function ended(child: ChildProcess): Promise<Result> {
  let out = '';
  let err = '';
  child.stdout!.on('data', (chunk) => {
    out += chunk;
  });
  child.stderr!.on('data', (chunk) => {
    err += chunk;
  });
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, out, err }));
  });
}

const run = (...args: string[]): Promise<Result> => ended(start(...args));
