import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { configurationPage } from '../docs/configuration-page.ts';
import { mayImport } from './may-import.ts';

const root = fileURLToPath(new URL('../', import.meta.url));
const read = (path: string): string => readFileSync(join(root, path), 'utf8');

const pages = [
  'README.md',
  ...readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.md'))
    .map((file) => join('docs', file)),
  ...['packages', 'apps'].flatMap((folder) =>
    readdirSync(join(root, folder))
      .map((name) => join(folder, name, 'README.md'))
      .filter((path) => existsSync(join(root, path))),
  ),
];

/** As on GitHub: lower case, spaces to hyphens, everything else but letters, digits, `-` and `_` dropped. */
function anchors(markdown: string): Set<string> {
  const headings = markdown.replace(/```[\s\S]*?```/g, '').matchAll(/^#+ (.*)$/gm);
  return new Set(
    [...headings].map(([, heading]) =>
      heading!
        .toLowerCase()
        .replace(/[^\p{L}\p{N} _-]/gu, '')
        .replaceAll(' ', '-'),
    ),
  );
}

function brokenLinks(page: string): string[] {
  const text = read(page).replace(/```[\s\S]*?```/g, '');
  const broken: string[] = [];
  for (const [, link] of text.matchAll(/\]\(([^)\s]+)\)/g)) {
    if (/^[a-z]+:/.test(link!)) continue;
    const [path, anchor] = link!.split('#');
    const file = path === '' ? join(root, page) : join(root, dirname(page), path!);
    if (!existsSync(file)) broken.push(link!);
    else if (anchor !== undefined && !anchors(readFileSync(file, 'utf8')).has(anchor)) broken.push(link!);
  }
  return broken;
}

describe('links', () => {
  it.each(pages)('of %s lead somewhere', (page) => {
    expect(brokenLinks(page)).toEqual([]);
  });
});

describe('the README', () => {
  it.each(['packages', 'apps'])('links every folder of %s', (folder) => {
    const readme = read('README.md');
    const missing = readdirSync(join(root, folder)).filter((name) => !readme.includes(`](${folder}/${name}`));
    expect(missing).toEqual([]);
  });
});

describe('docs/reference/configuration.md', () => {
  it('is up to date (else run `pnpm docs:configuration`)', () => {
    expect(read('docs/reference/configuration.md')).toBe(configurationPage());
  });
});

describe('docs/architecture.md', () => {
  it('tells the direction of imports as it is checked', () => {
    const table = /<!-- imports -->\n\n(.*?)\n\n<!-- \/imports -->/s.exec(read('docs/architecture.md'))?.[1];
    const rows = (table ?? '').split('\n').slice(2);
    const told = rows.map((row) => {
      const [, name, imports] = row.split('|').map((cell) => cell.trim().replaceAll('`', ''));
      return [name, imports === '—' ? [] : imports!.split(', ')];
    });
    expect(Object.fromEntries(told)).toEqual(mayImport);
  });
});
