import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { lockDataDir } from './data-dir.ts';

const folder = () => mkdtempSync(join(tmpdir(), 'lock-'));

describe('lockDataDir', () => {
  it('keeps a second bot out while the first lives, and lets go', () => {
    const dir = folder();
    const lock = join(dir, 'vol-bot.lock');
    writeFileSync(lock, `${process.ppid}\n`);
    expect(() => lockDataDir(dir)).toThrow(new RegExp(`process ${process.ppid}[\\s\\S]*To do:`));
    expect(readFileSync(lock, 'utf8')).toBe(`${process.ppid}\n`);
  });

  it('takes over from a process that is gone, and from a file that is no lock', () => {
    const dir = folder();
    const lock = join(dir, 'vol-bot.lock');
    const { pid } = spawnSync(process.execPath, ['-e', '']);
    for (const content of [`${pid}\n`, 'x', '']) {
      writeFileSync(lock, content);
      const unlock = lockDataDir(dir);
      expect(readFileSync(lock, 'utf8')).toBe(`${process.pid}\n`);
      unlock();
      expect(existsSync(lock)).toBe(false);
    }
  });
});
