import { type BookView, Count, MmError, Price, type Side } from '@kalshi-mm/core';
import { createBookReplay, marketIndex, openTape, RowKind, type Tape } from '@kalshi-mm/tape';
import { Command, InvalidArgumentError } from 'commander';
import { isoOrNull, printJson, type Terminal } from './cli.ts';

interface Options {
  readonly ticker: string;
  readonly at: number;
  readonly json?: boolean;
}

export const bookCommand = (terminal: Terminal): Command =>
  new Command('book')
    .description('Prints the order book of a market as it was at a receive time; YES prices, best first.')
    .argument('<file>', 'tape to read')
    .requiredOption('--ticker <ticker>', 'market')
    .requiredOption('--at <ms>', 'receive time, milliseconds since the epoch', parseMs)
    .option('--json', 'print one JSON document')
    .addHelpText(
      'after',
      '\nExample:\n  $ pnpm tape book gold.tape --ticker KXGOLD15M-26AUG102130-30 --at 1786411200000',
    )
    .action((file: string, { ticker, at, json }: Options) => {
      const tape = openTape(file);
      try {
        const book = bookAt(tape, ticker, at);
        const bids = levels(book, 'bid');
        const asks = levels(book, 'ask');
        if (json === true) printJson(terminal, { ticker, atMs: at, bids, asks });
        else terminal.out(ladder(ticker, at, bids, asks));
      } finally {
        tape.close();
      }
    });

type Level = readonly [price: string, count: string];

/** The book after every row received at or before `atMs`. */
function bookAt(tape: Tape, ticker: string, atMs: number): BookView {
  const { header } = tape;
  const market = marketIndex(header.markets, ticker, tape.path);
  // Back in growing steps to the last snapshot before that time: what lies before it does not matter.
  for (let backMs = 60_000; ; backMs *= 8) {
    const fromMs = atMs - backMs;
    const found = readBook(tape, market, fromMs, atMs);
    if (found.state === 'known') return found.book;
    if (found.state === 'unseen' && fromMs > header.firstMs) continue;
    const why = found.state === 'lost' ? 'the recording had lost it' : 'no snapshot came before';
    throw new MmError(
      'no-book',
      `${tape.path} has no book of ${ticker} at ${isoOrNull(atMs) ?? atMs}: ${why}`,
      {
        todo: `Name another time; the tape runs from ${header.firstMs} to ${header.lastMs}.`,
      },
    );
  }
}

function readBook(
  tape: Tape,
  market: number,
  fromMs: number,
  atMs: number,
): { readonly state: 'unseen' | 'known' | 'lost'; readonly book: BookView } {
  const replay = createBookReplay(tape.header);
  let state: 'unseen' | 'known' | 'lost' = 'unseen';
  scan: for (const block of tape.blocks({ fromMs })) {
    for (let row = 0; row < block.rows; row++) {
      if (block.recvMs[row]! > atMs) break scan;
      if (block.market[row] !== market) continue;
      if (block.kind[row] === RowKind.clear) state = 'known';
      else if (block.kind[row] === RowKind.connected) state = 'lost';
      // Before the first snapshot, changes are of a book that is not here.
      if (state !== 'unseen') replay.applyRow(block, row);
    }
  }
  return { state, book: replay.books[market]! };
}

function levels(book: BookView, side: Side): Level[] {
  const found: Level[] = [];
  book.forEachLevel(side, (price, count) => {
    found.push([Price.format(price), Count.format(count)]);
    return true;
  });
  return found;
}

function ladder(ticker: string, atMs: number, bids: readonly Level[], asks: readonly Level[]): string {
  const row = (level: Level | undefined): string =>
    level === undefined ? ''.padEnd(22) : `${level[1].padStart(14)}  ${level[0]}`;
  const lines = [`${ticker} at ${isoOrNull(atMs)}`, `${'bids'.padStart(22)}${'asks'.padStart(26)}`];
  for (let i = 0; i < Math.max(bids.length, asks.length); i++)
    lines.push(`${row(bids[i])}    ${row(asks[i])}`);
  return `${lines.join('\n').replaceAll(/ +$/gm, '')}\n`;
}

function parseMs(text: string): number {
  // Fractions are microseconds: some tapes have such a clock.
  const ms = /^\d{1,13}(\.\d{1,3})?$/.test(text) ? Number(text) : Number.NaN;
  if (!(ms <= 8.64e15))
    throw new InvalidArgumentError('Expected milliseconds since the epoch, such as 1786411200000.');
  return ms;
}
