import { readFile } from 'node:fs/promises';
import { Command, CommanderError } from 'commander';
import { z } from 'zod';
import { CONTROL_VERBS, type ControlRequest, ControlWordError } from './control-requests.ts';

/** Where the command line writes, and what it finds around it. */
export interface ControlTerminal {
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/**
 * The control command line: one call of the control port, its answer as one JSON document.
 *
 * @returns the exit code: 0 done, 1 refused or not reached (and an audit that does not agree), 2 wrong usage
 */
export async function runControl(args: readonly string[], terminal: ControlTerminal): Promise<number> {
  let code = 0;
  const program = new Command('kalshi-exchange-control')
    .description('Controls a local exchange that runs with --control-port.')
    .option('--ready <file>', 'the JSON line that the exchange has printed, in a file')
    .option('--url <url>', 'its controlUrl instead; the token is then LOCAL_EXCHANGE_CONTROL_TOKEN')
    .addHelpText(
      'after',
      '\nExample (in its repository, pnpm --silent local-exchange and pnpm exchange-control):\n  $ npx kalshi-local-exchange --control-port 0 > ready.json &\n  $ npx kalshi-exchange-control --ready ready.json step 60000',
    )
    .showHelpAfterError('(add --help for the commands and an example)')
    .exitOverride()
    .configureOutput({ writeOut: terminal.out, writeErr: terminal.err });
  for (const { name, words, does, request } of CONTROL_VERBS) {
    const command = program.command(`${name} ${words}`.trim()).description(does);
    command.action(async () => {
      const target = await findTarget(program.opts(), terminal.env);
      const { status, body } = await call(target, request(...command.args));
      if (status === 200) terminal.out(`${JSON.stringify(body)}\n`);
      else terminal.err(`exchange-control: ${messageOf(body)}\n`);
      code = status === 200 && (body as { agrees?: boolean }).agrees !== false ? 0 : 1;
    });
  }
  try {
    await program.parseAsync([...args], { from: 'user' });
    return code;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    terminal.err(`exchange-control: ${error instanceof Error ? error.message : String(error)}\n`);
    return error instanceof ControlWordError ? 2 : 1;
  }
}

interface Target {
  readonly controlUrl: string;
  readonly controlToken: string;
}

const readySchema = z.object({ controlUrl: z.url(), controlToken: z.string().min(1) });

async function findTarget(
  { ready, url }: { readonly ready?: string; readonly url?: string },
  env: ControlTerminal['env'],
): Promise<Target> {
  if (ready !== undefined) {
    const text = await readFile(ready, 'utf8').catch(() => {
      throw new Error(`cannot read ${ready}; name the file that holds what the exchange has printed`);
    });
    const found = readySchema.safeParse(jsonOf(text.split('\n', 1)[0]!));
    if (found.success) return found.data;
    throw new Error(`${ready} names no control port; start the exchange with --control-port`);
  }
  const controlToken = env.LOCAL_EXCHANGE_CONTROL_TOKEN;
  if (url === undefined || controlToken === undefined) {
    throw new ControlWordError('name --ready <file>, or --url and LOCAL_EXCHANGE_CONTROL_TOKEN');
  }
  if (!/^https?:$/.test(URL.parse(url)?.protocol ?? '')) {
    throw new ControlWordError(`--url: expected the controlUrl that the exchange has printed, found ${url}`);
  }
  return { controlUrl: url, controlToken };
}

async function call(
  { controlUrl, controlToken }: Target,
  { method, path, body }: ControlRequest,
): Promise<{ status: number; body: unknown }> {
  const answer = await fetch(new URL(path, controlUrl), {
    method,
    headers: { authorization: `Bearer ${controlToken}` },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  }).catch(() => {
    throw new Error(`nothing answers at ${controlUrl}; is the exchange running?`);
  });
  return { status: answer.status, body: jsonOf(await answer.text()) };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function messageOf(body: unknown): string {
  return (body as { error?: { message?: string } } | null)?.error?.message ?? 'the answer is not readable';
}
