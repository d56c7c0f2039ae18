/** What a caller can do about an error: try again, find out what is true, or stop and tell a human. */
export type Recovery = 'retry' | 'reconcile' | 'fix';

export interface MmErrorOptions {
  /** Named values that locate the fault. Never a secret. */
  readonly facts?: Readonly<Record<string, string | number | boolean | null>>;
  /** What to do about it, as one imperative sentence. */
  readonly todo?: string;
  readonly recovery?: Recovery;
  readonly cause?: unknown;
}

/**
 * The one error type of the toolkit: a short report that says what was wrong, where, and what to do.
 * Expected outcomes (a risk refusal, an exchange rejection, a stale book) are values, never an `MmError`.
 */
export class MmError extends Error {
  override readonly name: string = 'MmError';
  /** Stable kebab-case identifier, for programs. */
  readonly code: string;
  readonly facts: Readonly<Record<string, string | number | boolean | null>>;
  readonly todo: string | null;
  readonly recovery: Recovery;

  constructor(code: string, summary: string, options: MmErrorOptions = {}) {
    super(report(summary, options), options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.facts = options.facts ?? {};
    this.todo = options.todo ?? null;
    this.recovery = options.recovery ?? 'fix';
  }
}

/** A payload from the exchange, or a file, does not have the documented form. `path` names the field. */
export class WireError extends MmError {
  override readonly name = 'WireError';
  readonly path: string;

  constructor(path: string, expected: string, found: unknown) {
    super('wire-mismatch', `${path}: expected ${expected}, found ${show(found)}`, {
      facts: { path },
      recovery: 'fix',
    });
    this.path = path;
  }
}

function report(summary: string, options: MmErrorOptions): string {
  const lines = [summary];
  for (const [key, value] of Object.entries(options.facts ?? {})) {
    if (!summary.includes(String(value))) lines.push(`  ${key}: ${value}`);
  }
  if (options.todo !== undefined) lines.push(`  To do: ${options.todo}`);
  return lines.join('\n');
}

function show(value: unknown): string {
  if (value === undefined) return 'nothing';
  const text = typeof value === 'bigint' ? `${value}n` : (JSON.stringify(value) ?? String(value));
  return text.length > 80 ? `${text.slice(0, 77)}...` : text;
}
