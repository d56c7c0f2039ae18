import { MmError } from '@kalshi-mm/core';
import type { LatencyModel } from './latency-model.ts';

export interface LatencyModelSources {
  /** The milliseconds of plain `constant`. */
  readonly constantMs: number;
  /** Contents of the file that `recorded:<file>` names. */
  readonly readText: (file: string) => string;
}

/**
 * The model that a configuration or a flag names: `constant`, `constant:100`, `lognormal:<median>,<p99>[,<least>]`,
 * `recorded:<file>`, `played:<file>`. A file holds milliseconds, apart by spaces, commas or new lines.
 *
 * @throws MmError `latency-model`
 */
export function latencyModelNamed(text: string, sources: LatencyModelSources): LatencyModel {
  const [, name, argument] = /^([a-z]+)(?::(.+))?$/.exec(text) ?? [];
  const model = name === undefined ? null : modelOf(name, argument ?? null, sources);
  if (model === null) {
    throw new MmError('latency-model', `No latency model is called ${text}`, {
      todo: `Name one of ${LATENCY_MODEL_NAMES}.`,
    });
  }
  return model;
}

/** As `latencyModelNamed` reads it; recorded samples are named by their number. */
export function latencyModelName(model: LatencyModel): string {
  switch (model.kind) {
    case 'constant':
      return `constant:${model.ms}`;
    case 'lognormal':
      return `lognormal:${model.medianMs},${model.p99Ms},${model.leastMs ?? 0}`;
    case 'recorded':
      return `${model.order === 'played' ? 'played' : 'recorded'} (${model.samplesMs.length} samples)`;
  }
}

/** For messages and help. */
export const LATENCY_MODEL_NAMES =
  'constant, constant:<ms>, lognormal:<median>,<p99>[,<least>], recorded:<file>, played:<file>';

function modelOf(name: string, argument: string | null, sources: LatencyModelSources): LatencyModel | null {
  if (name === 'constant') {
    return { kind: 'constant', ms: argument === null ? sources.constantMs : number(argument) };
  }
  if (argument === null) return null;
  if (name === 'lognormal') {
    const [medianMs, p99Ms, leastMs = 0, ...more] = argument.split(',').map(number);
    if (medianMs === undefined || p99Ms === undefined || more.length > 0) return null;
    return { kind: 'lognormal', medianMs, p99Ms, leastMs };
  }
  if (name !== 'recorded' && name !== 'played') return null;
  const words = sources
    .readText(argument)
    .split(/[\s,]+/)
    .filter((word) => word !== '');
  const order = name === 'played' ? 'played' : 'drawn';
  return { kind: 'recorded', samplesMs: words.map(number), order };
}

/** NaN, which no model takes, for what is no number. */
function number(text: string): number {
  return text.trim() === '' ? Number.NaN : Number(text);
}
