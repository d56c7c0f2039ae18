import { configBlocks, configReference } from '../packages/assembly/src/index.ts';

/** The text of `docs/reference/configuration.md`, from the schemas. */
export function configurationPage(): string {
  const keys = configReference();
  const sections = configBlocks().map(({ block, description }) => {
    const rows = keys.filter(({ key }) => key.startsWith(`${block}.`)).map(row);
    return `## ${block}\n\n${sentence(description)}\n\n${TABLE}\n${rows.join('\n')}\n`;
  });
  const single = keys.filter(({ key }) => !key.includes('.')).map(row);
  return `${INTRO}\n${TABLE}\n${single.join('\n')}\n\n${sections.join('\n')}`;
}

function row({ key, defaultJson, description }: ReturnType<typeof configReference>[number]): string {
  const value = defaultJson === null ? '—' : `\`${defaultJson}\``;
  return `| \`${key}\` | ${cell(value)} | ${cell(sentence(description))} |`;
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|');
}

function sentence(text: string): string {
  return text.endsWith('.') ? text : `${text}.`;
}

const TABLE = '| Key | Default | Meaning |\n| --- | --- | --- |';

const INTRO = `# Configuration

<!-- Written by \`pnpm docs:configuration\` from the schemas. Do not edit. -->

One YAML file serves \`vol-bot run\`, paper trading and \`backtest run\` (\`--config <file>\`). Every key may be left out; the
defaults are below. An unknown key is an error that names the nearest known one. \`pnpm vol-bot config\` prints this list.

\`\`\`yaml
mode: paper
discovery:
  series: [KXGOLD15M]
volatility_mm:
  max_position_contracts: 5
risk:
  global_risk_budget: 30
\`\`\`

Keys of the exchange are not configuration: they come from the environment or from flags (see
[operating](../operating.md)). The account that a simulation starts with and its latencies are in
[simulation](#simulation).

Units are in the key or in the meaning. "Per observation" means per sample of the scanner
(\`volatility_scanner.refresh_interval_seconds\`). "Per cent" beside gamma and k means per $0.01 of price. A dash means
that a key has no default.

Keys with "No effect yet" are read and checked, but nothing uses them.
`;
