import type { BacktestReport } from './run-backtest.ts';

export interface PrintedReport extends BacktestReport {
  readonly auditHash: string;
  readonly notes: readonly string[];
}

/** The result on standard output: one JSON document, or a page to read. */
export function printReport(report: PrintedReport, asJson: boolean): void {
  if (asJson) {
    process.stdout.write(`${JSON.stringify(report)}\n`);
    return;
  }
  const money = (value: number): string => `${value < 0 ? '-' : ''}$${Math.abs(value).toFixed(4)}`;
  const cents = (value: number | null): string => (value === null ? 'n/a' : `${value.toFixed(3)}¢`);
  const causes = Object.entries(report.fillsByCause).map(([cause, count]) => `${cause} ${count}`);
  const lines = [
    `orders        ${report.orders} (${report.rejections} rejected by the exchange, ${report.refusals} refused by risk)`,
    `sessions      ${report.sessions}`,
    `fills         ${report.fills} (${report.contracts.toFixed(2)} contracts; ${causes.join(', ') || 'none'})`,
    `fees          ${money(report.feesDollars)}`,
    `PnL           ${money(report.pnlDollars)} after fees = realised ${money(report.realizedDollars)} + settlement ${money(report.settlementDollars)} + open ${money(report.openDollars)} − fees`,
    `per contract  ${cents(report.pnlPerContractCents)}`,
    `mark-outs     ${report.markoutsCents.map((m) => `${m.horizonMs / 1_000} s ${cents(m.cents)}`).join(', ')}`,
    `queue model   ${report.queueModel}; latency ${report.entryLatency} there, ${report.responseLatency} back`,
    `events        ${report.events} rows and ${report.ticks} ticks in ${report.seconds.toFixed(2)} s: ${Math.round(report.eventsPerSecond / 1_000)} k rows/s`,
    `audit         ${report.auditHash}`,
    '',
    'market                                orders  fills  contracts     fees      PnL  max position  result',
    ...report.markets.map((m) =>
      [
        m.ticker.padEnd(36),
        String(m.orders).padStart(7),
        String(m.fills).padStart(6),
        m.contracts.toFixed(2).padStart(10),
        m.feesDollars.toFixed(4).padStart(8),
        m.pnlDollars.toFixed(4).padStart(8),
        m.maxPositionContracts.toFixed(2).padStart(13),
        (m.result ?? 'unknown').padStart(7),
      ].join(' '),
    ),
  ];
  process.stdout.write(`${lines.join('\n')}\n`);
}
