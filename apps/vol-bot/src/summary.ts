import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Count, Money, Position } from '@kalshi-mm/core';
import { readAccount } from './account-read.ts';
import type { Opening } from './recovery.ts';
import type { BotParts } from './wire.ts';

/** What a run did, as written to `<run>.summary.json` and printed with `--json`. */
export interface BotSummary {
  readonly runId: string;
  readonly paper: boolean;
  readonly startedMs: number;
  readonly endedMs: number;
  readonly orders: number;
  readonly fills: number;
  readonly contracts: string;
  readonly feesDollars: string;
  /** Of everything closed in this run, before fees. */
  readonly realizedPnlDollars: string;
  readonly balanceDollars: string | null;
  readonly positions: Readonly<Record<string, string>>;
  readonly restingOrders: number;
  /** False on paper, and where orders of other programs rest: what they hold back is not known. */
  readonly balanceCompared: boolean;
  /** Disagreements between the database and the exchange; empty when they match to the unit. */
  readonly differences: readonly unknown[];
}

/** Compares the database with the exchange, closes the run in the database and writes the summary file. */
export async function summarise(parts: BotParts, opening: Opening, dataDir: string): Promise<BotSummary> {
  const { analytics, account, runId, connection, clock, engine, paper, log } = parts;
  await analytics.flush();
  const reports = analytics.reports(account);
  const totals = await reports.totals(runId);
  const read = paper !== null ? null : await readAccount(connection.client, opening.comparedSinceMs);
  // Orders of other programs hold back cash, and how much depends on the positions.
  const balanceCompared = read !== null && opening.foreignOrders + read.foreignOrders.length === 0;
  const ours = read?.fills.filter((fill) => engine.isManaged(fill.ticker)) ?? [];
  const differences =
    read === null
      ? []
      : await reports.reconcile({
          fills: ours,
          positions: read.positions.filter((each) => engine.isManaged(each.ticker)),
          balance: balanceCompared ? read.balance : null,
          startBalance: Money.of(opening.balance - opening.earlierCashFlow),
          sinceMs: opening.comparedSinceMs,
        });
  const positions: Record<string, string> = {};
  for (const [ticker, holding] of engine.portfolio.holdings()) {
    if (holding.position !== 0) positions[ticker] = Position.format(holding.position);
  }
  const summary: BotSummary = {
    runId,
    paper: paper !== null,
    startedMs: opening.atMs,
    endedMs: clock.now(),
    orders: totals?.orders ?? 0,
    fills: totals?.fills ?? 0,
    contracts: Count.format(totals?.contracts ?? 0),
    feesDollars: Money.format(totals?.fees ?? Money.ZERO),
    realizedPnlDollars: Money.format(totals?.realizedPnl ?? Money.ZERO),
    balanceDollars: read === null ? null : Money.format(read.balance),
    positions,
    restingOrders: read?.orders.length ?? 0,
    balanceCompared,
    differences,
  };
  analytics.endRun({ runId, endedMs: clock.now(), summary });
  await analytics.flush();
  writeFileSync(join(dataDir, `${runId}.summary.json`), `${JSON.stringify(summary, null, 2)}\n`);
  if (differences.length > 0) log.error({ differences }, 'the database and the exchange differ');
  else if (paper === null) log.info('the database agrees with the exchange');
  return summary;
}
