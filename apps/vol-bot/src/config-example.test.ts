import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { BotConfig } from '@kalshi-mm/assembly';
import { loadConfig } from '@kalshi-mm/runtime';
import { expect, it } from 'vitest';
import { startBot } from './testing/bot-process.ts';

const at = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

it('gives an example of the configuration that is exactly the defaults', () => {
  expect(loadConfig(BotConfig, at('../config.example.yaml'))).toEqual(loadConfig(BotConfig, null));
});

it('lists every flag in the README', async () => {
  const readme = readFileSync(at('../README.md'), 'utf8');
  for (const command of ['run', 'demo', 'config']) {
    const { stdout } = await startBot([command, '--help']).ended;
    const flags = [...stdout.matchAll(/^ {2}(?:-\w, )?(--[a-z-]+)/gm)].map(([, flag]) => flag!);
    expect(flags.length).toBeGreaterThan(1);
    for (const flag of flags) if (flag !== '--help') expect(readme).toContain(`\`${flag}`);
  }
});
