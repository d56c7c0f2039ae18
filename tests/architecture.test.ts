import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { mayImport } from './may-import.ts';

const root = fileURLToPath(new URL('../', import.meta.url));

const pure = [
  'core',
  'as-model',
  'market-state',
  'risk',
  'scanner',
  'strategies',
  'engine',
  'simulator',
  'assembly',
];

const banned: readonly [RegExp, string][] = [
  [/from 'node:|import\('node:|require\(/, 'a node: module'],
  [/\bDate\.now\b|new Date\(\)/, 'the clock'],
  [/\bMath\.random\b/, 'unseeded randomness'],
  [/\b(setTimeout|setInterval|setImmediate|queueMicrotask)\b/, 'a timer'],
  [/\bprocess\.|\bglobalThis\b/, 'the environment'],
  [/\bperformance\.now\b/, 'the clock'],
  [/\bconsole\./, 'the console'],
  [/\bfetch\(/, 'the network'],
];

function sources(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !/\.test\.ts$|test-support|testing\//.test(file))
    .map((file) => join(folder, file));
}

/** Code without comments and strings' contents would be a parser; a comment line is enough to skip here. */
function code(file: string): string {
  return readFileSync(file, 'utf8')
    .replace(/\/\*[\s\S]*?\*\//g, '')
    .replace(/(^|\s)\/\/.*$/gm, '');
}

const packages = readdirSync(join(root, 'packages'));

describe('the direction of imports', () => {
  it('is declared for every package', () => {
    expect(packages.filter((name) => mayImport[name] === undefined)).toEqual([]);
  });

  it.each(packages)('holds in %s', (name) => {
    const wrong: string[] = [];
    for (const file of sources(join(root, 'packages', name, 'src'))) {
      for (const [, imported] of code(file).matchAll(/from '@kalshi-mm\/([^']+)'/g)) {
        if (!mayImport[name]?.includes(imported!)) wrong.push(`${file}: @kalshi-mm/${imported}`);
      }
      if (/from '(\.\.\/)+(packages|apps)\//.test(code(file)))
        wrong.push(`${file}: reaches into another package`);
    }
    expect(wrong).toEqual([]);
  });

  it('declares as dependencies exactly what the sources import', () => {
    const wrong: string[] = [];
    for (const folder of [
      ...packages.map((p) => `packages/${p}`),
      ...readdirSync(join(root, 'apps')).map((a) => `apps/${a}`),
    ]) {
      const manifest = JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8'));
      const declared = Object.keys(manifest.dependencies ?? {}).filter((d) => d.startsWith('@kalshi-mm/'));
      const used = new Set<string>();
      for (const file of sources(join(root, folder, 'src'))) {
        for (const [, imported] of code(file).matchAll(/(?:from|import\() ?'(@kalshi-mm\/[^']+)'/g))
          used.add(imported!);
      }
      for (const d of declared) if (!used.has(d)) wrong.push(`${folder}: ${d} is declared and not used`);
      for (const u of used) if (!declared.includes(u)) wrong.push(`${folder}: ${u} is used and not declared`);
    }
    expect(wrong).toEqual([]);
  });
});

describe('pure packages', () => {
  it.each(pure)('%s reads no clock, randomness, network, disk or environment', (name) => {
    const wrong: string[] = [];
    for (const file of sources(join(root, 'packages', name, 'src'))) {
      for (const [pattern, what] of banned) if (pattern.test(code(file))) wrong.push(`${file}: ${what}`);
    }
    expect(wrong).toEqual([]);
  });
});
