import { type ChildProcess, spawn } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { BotSummary } from '../summary.ts';

const MAIN = fileURLToPath(new URL('../main.ts', import.meta.url));

export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface BotProcess {
  readonly child: ChildProcess;
  readonly ended: Promise<Ended>;
  /** Sends a signal and waits for the end. */
  end(signal: NodeJS.Signals): Promise<Ended>;
}

const running = new Set<ChildProcess>();

/** Starts `vol-bot` as its own process, from source, with nothing of this machine's configuration. */
export function startBot(args: readonly string[], env: NodeJS.ProcessEnv = {}): BotProcess {
  const { PATH, HOME } = process.env;
  const child = spawn(process.execPath, ['--conditions=@kalshi-mm/source', MAIN, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { PATH, HOME, NODE_COMPILE_CACHE: join(tmpdir(), 'node-compile-cache'), ...env },
  });
  running.add(child);
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (data) => {
    stdout += data;
  });
  child.stderr.on('data', (data) => {
    stderr += data;
  });
  const ended = new Promise<Ended>((resolve) => {
    child.once('close', (code, signal) => {
      running.delete(child);
      resolve({ code, signal, stdout, stderr });
    });
  });
  return {
    child,
    ended,
    end(signal) {
      child.kill(signal);
      return ended;
    },
  };
}

/** For `afterAll`: nothing that a failed test has started stays behind. */
export function killBots(): void {
  for (const child of running) child.kill('SIGKILL');
}

/** The one JSON document on standard output. */
export function summaryOf({ stdout, stderr }: Ended): BotSummary {
  if (!/^\{[^\n]*\}\n$/.test(stdout)) throw new Error(`not one JSON document: ${stdout}\n${stderr}`);
  return JSON.parse(stdout) as BotSummary;
}
