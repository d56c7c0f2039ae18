import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { LocalUser } from '@kalshi-mm/local-exchange';
import type { FromServer, ToServer } from './messages.ts';

export interface BenchServer extends FromServer {
  tell(message: ToServer): void;
  stop(): Promise<void>;
}

/** Starts the servers in a process of their own, with the flags of this one. */
export async function startServer(users: readonly LocalUser[]): Promise<BenchServer> {
  const child = fork(fileURLToPath(new URL('child.ts', import.meta.url)), { stdio: 'inherit' });
  const tell = (message: ToServer): void => void child.send(message);
  tell({ type: 'start', users });
  const [ready] = (await once(child, 'message')) as [FromServer];
  return {
    ...ready,
    tell,
    async stop() {
      tell({ type: 'stop' });
      await once(child, 'exit');
    },
  };
}
