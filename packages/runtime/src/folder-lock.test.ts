import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import { lockFolder } from './folder-lock.ts';

const bot = { program: 'bot', flag: '--data-dir', alsoOwn: 'an account of its own' };
const folder = () => mkdtempSync(join(tmpdir(), 'lock-'));

describe('lockFolder', () => {
  it('keeps a second one out while the first lives, and says what to do', () => {
    const dir = folder();
    const lock = join(dir, 'bot.lock');
    writeFileSync(lock, `${process.ppid}\n`);
    expect(() => lockFolder(dir, bot)).toThrow(
      new RegExp(
        `Another bot works in .*process ${process.ppid}[\\s\\S]*--data-dir and an account of its own`,
      ),
    );
    expect(readFileSync(lock, 'utf8')).toBe(`${process.ppid}\n`);
    lockFolder(dir, { ...bot, program: 'other' })();
  });

  it('takes over from a process that is gone, and from a file that is no lock', () => {
    const dir = folder();
    const lock = join(dir, 'bot.lock');
    const { pid } = spawnSync(process.execPath, ['-e', '']);
    for (const content of [`${pid}\n`, `${process.pid}\n`, 'x', '']) {
      writeFileSync(lock, content);
      const unlock = lockFolder(dir, bot);
      expect(readFileSync(lock, 'utf8')).toBe(`${process.pid}\n`);
      unlock();
      expect(existsSync(lock)).toBe(false);
    }
  });

  it('keeps a second one of this process out, by whatever name of the folder', () => {
    const dir = folder();
    const alias = join(folder(), 'alias');
    symlinkSync(dir, alias);
    const unlock = lockFolder(join(dir, 'new'), bot);
    expect(() => lockFolder(join(alias, 'new'), bot)).toThrow('Another bot');
    unlock();
    lockFolder(join(alias, 'new'), bot)();
  });

  it('gives the folder to one of several that start at once', async () => {
    const dir = folder();
    const module = new URL('./folder-lock.ts', import.meta.url).href;
    const program = `
      import { once } from 'node:events';
      import { lockFolder } from ${JSON.stringify(module)};
      console.log('ready');
      await once(process.stdin, 'data');
      let said = 'mine';
      try { lockFolder(${JSON.stringify(dir)}, ${JSON.stringify(bot)}); } catch (error) { said = error.code; }
      console.log(said);
      await once(process.stdin.resume(), 'end');`;
    const args = ['--conditions=@kalshi-mm/source', '--input-type=module', '-e', program];
    const all = Array.from({ length: 4 }, () => spawn(process.execPath, args));
    await Promise.all(all.map(({ stdout }) => once(stdout, 'data')));
    const said = all.map(({ stdout }) => once(stdout, 'data'));
    for (const { stdin } of all) stdin.write('go');
    const answers = (await Promise.all(said)).map(([line]) => String(line).trim());
    for (const { stdin } of all) stdin.end();
    await Promise.all(all.map(({ stderr }) => text(stderr)));
    expect(answers.sort()).toEqual(['folder-in-use', 'folder-in-use', 'folder-in-use', 'mine']);
    expect(readdirSync(dir)).toEqual(['bot.lock']);
  });

  it('says so when the folder cannot be made', () => {
    const file = join(folder(), 'file');
    writeFileSync(file, '');
    expect(() => lockFolder(join(file, 'data'), bot)).toThrow(/cannot be written to[\s\S]*--data-dir/);
  });
});
