import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

/** What a README's example printed, and what its comments say that it prints. */
export interface ReadmeRun {
  /** Lines of standard output. */
  readonly printed: readonly string[];
  /** The comments behind `console.log(…);`, in order. */
  readonly expected: readonly string[];
}

export interface ReadmeRunOptions {
  /** Added to the environment of the example. */
  readonly env?: Readonly<Record<string, string>>;
  /** Changes the code before it runs, e.g. a path that a reader would choose. */
  readonly edit?: (code: string) => string;
  /** Which `ts` block, counted from 0. @default 0 */
  readonly block?: number;
}

/**
 * Runs a `ts` block of a package's README in a process of its own, from source, in the package's folder:
 * it may import what the package itself may import.
 *
 * @param testUrl `import.meta.url` of a test that lies in `src`
 * @throws Error when there is no block, or when the example fails or writes to standard error
 */
export async function runReadmeExample(testUrl: string, options: ReadmeRunOptions = {}): Promise<ReadmeRun> {
  const readme = readFileSync(new URL('../README.md', testUrl), 'utf8');
  const example = [...readme.matchAll(/```ts\n(.*?)```/gs)][options.block ?? 0]?.[1];
  if (example === undefined) throw new Error('README.md has no such ts block');
  const expected = [...example.matchAll(/console\.log\(.*\); \/\/ (.*)/g)].map((match) => match[1]!);
  const { stdout, stderr } = await promisify(execFile)(
    process.execPath,
    [
      '--conditions=@kalshi-mm/source',
      '--disable-warning=ExperimentalWarning',
      '--input-type=module-typescript',
      '--eval',
      options.edit?.(example) ?? example,
    ],
    {
      cwd: fileURLToPath(new URL('..', testUrl)),
      env: { ...process.env, NODE_OPTIONS: '', ...options.env },
    },
  );
  if (stderr !== '') throw new Error(`The example complains:\n${stderr}`);
  return { printed: stdout.trimEnd().split('\n'), expected };
}
