import type { BotSummary } from './summary.ts';

/** The end of a run on standard output: one JSON document, or a few lines. */
export function printSummary(summary: BotSummary, asJson: boolean): void {
  if (asJson) {
    process.stdout.write(`${JSON.stringify(summary)}\n`);
    return;
  }
  const positions = Object.entries(summary.positions).map(([ticker, position]) => `${ticker} ${position}`);
  const lines = [
    `Run ${summary.runId}${summary.paper ? ' (paper)' : ''}`,
    `  orders      ${summary.orders}`,
    `  fills       ${summary.fills} (${summary.contracts} contracts)`,
    `  fees        $${summary.feesDollars}`,
    `  realised    $${summary.realizedPnlDollars} before fees`,
    `  balance     ${summary.balanceDollars === null ? 'simulated' : `$${summary.balanceDollars}`}`,
    `  positions   ${positions.length === 0 ? 'none' : positions.join(', ')}`,
    `  resting     ${summary.restingOrders} orders`,
    `  agreement   ${summary.differences.length === 0 ? 'the database matches the exchange to the unit' : `${summary.differences.length} DIFFERENCES, see the summary file`}`,
  ];
  process.stdout.write(`${lines.join('\n')}\n`);
}
