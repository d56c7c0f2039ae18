import type { PrintedReport } from './print-report.ts';

/** The same run under several queue models: one JSON document, or a table with a line for each. */
export function printComparison(reports: readonly PrintedReport[], asJson: boolean): void {
  if (asJson) {
    process.stdout.write(`${JSON.stringify({ queueModels: reports })}\n`);
    return;
  }
  const lines = reports.map((report) => {
    const { queue = 0, through = 0 } = report.fillsByCause;
    const perContract = report.pnlPerContractCents;
    return [
      report.queueModel.padEnd(22),
      String(report.orders).padStart(7),
      String(report.fills).padStart(6),
      String(queue).padStart(6),
      String(through).padStart(8),
      report.contracts.toFixed(2).padStart(10),
      report.pnlDollars.toFixed(4).padStart(10),
      (perContract === null ? 'n/a' : perContract.toFixed(3)).padStart(14),
    ].join(' ');
  });
  const head = 'queue model             orders  fills  queue  through  contracts      PnL $ ¢ per contract';
  process.stdout.write(`${[head, ...lines].join('\n')}\n`);
}
