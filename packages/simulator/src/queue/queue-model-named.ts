import { MmError } from '@kalshi-mm/core';
import { type QueueForm, type QueueModel, shareAhead } from './queue-model.ts';

export interface QueueModelSources {
  /** The share of plain `share`. */
  readonly share: number;
  /** Contents of the file that `fitted:<file>` names. */
  readonly readText: (file: string) => string;
}

/**
 * The model that a configuration or a flag names: `through-only`, `conservative`, `share`, `share:0.3`, `power:2`,
 * `power-one-sided:2`, `log`, `log-one-sided`, `fitted:<file>`, `touch`.
 *
 * @throws MmError `queue-model`
 */
export function queueModelNamed(text: string, sources: QueueModelSources): QueueModel {
  const [, name, argument] = /^([a-z-]+)(?::(.+))?$/.exec(text) ?? [];
  const model = name === undefined ? null : modelOf(name, argument ?? null, sources);
  if (model === null) {
    throw new MmError('queue-model', `No queue model is called ${text}`, {
      todo: `Name one of ${QUEUE_MODEL_NAMES}.`,
    });
  }
  shareAhead(model);
  return model;
}

/** For messages and help. */
export const QUEUE_MODEL_NAMES =
  'through-only, conservative, share, share:<0…1>, power:<n>, power-one-sided:<n>, log, log-one-sided, fitted:<file>, touch';

/** As `queueModelNamed` reads it; a fitted table is named `fitted`. */
export function queueModelName(model: QueueModel): string {
  switch (model.kind) {
    case 'share':
      return `share:${model.share}`;
    case 'power':
      return `power${suffixOf(model.form)}:${model.exponent}`;
    case 'log':
      return `log${suffixOf(model.form)}`;
    default:
      return model.kind;
  }
}

function suffixOf(form: QueueForm | undefined): string {
  return form === 'one-sided' ? '-one-sided' : '';
}

function modelOf(name: string, argument: string | null, sources: QueueModelSources): QueueModel | null {
  const number = argument === null ? Number.NaN : Number(argument);
  switch (name) {
    case 'through-only':
    case 'conservative':
    case 'touch':
      return argument === null ? { kind: name } : null;
    case 'share':
      return { kind: 'share', share: argument === null ? sources.share : number };
    case 'power':
      return { kind: 'power', exponent: number };
    case 'power-one-sided':
      return { kind: 'power', exponent: number, form: 'one-sided' };
    case 'log':
      return argument === null ? { kind: 'log' } : null;
    case 'log-one-sided':
      return argument === null ? { kind: 'log', form: 'one-sided' } : null;
    case 'fitted':
      return argument === null ? null : fromFile(argument, sources);
    default:
      return null;
  }
}

function fromFile(file: string, { readText }: QueueModelSources): QueueModel {
  const text = readText(file);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    value = null;
  }
  const { kind, sharesAhead } = (value ?? {}) as Record<string, unknown>;
  if (
    kind === 'fitted' &&
    Array.isArray(sharesAhead) &&
    sharesAhead.every((each) => typeof each === 'number')
  ) {
    return { kind, sharesAhead };
  }
  throw new MmError('queue-model', `No fitted queue model: ${file}`, {
    todo: 'Make one with `tape fit-queue --out`.',
  });
}
