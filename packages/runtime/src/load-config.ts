import { readFileSync } from 'node:fs';
import { MmError } from '@kalshi-mm/core';
import { parseDocument } from 'yaml';
import type { z } from 'zod';
import { nearestKey, schemaKeys } from './nearest-key.ts';

/**
 * Reads a YAML file into a configuration. Null as a path gives the schema's defaults.
 *
 * @param help where the keys are described, as a sentence
 * @throws MmError naming the file, the place and, for an unknown key, the nearest known one
 */
export function loadConfig<Schema extends z.ZodType>(
  schema: Schema,
  path: string | null,
  help: string = VOL_BOT_HELP,
): z.output<Schema> {
  return parseConfig(schema, path === null ? {} : readYaml(path), path ?? 'defaults', help);
}

const VOL_BOT_HELP = '`vol-bot config` prints every key with its default, unit and meaning.';

/** Checks a value that is already parsed; `source` is what errors call it. */
export function parseConfig<Schema extends z.ZodType>(
  schema: Schema,
  value: unknown,
  source: string,
  help: string = VOL_BOT_HELP,
): z.output<Schema> {
  const result = schema.safeParse(value ?? {});
  if (result.success) return result.data;
  const lines = result.error.issues.flatMap((issue) => describe(schema, issue));
  throw new MmError(
    'config-invalid',
    `The configuration does not fit: ${source}\n${lines.map((l) => `  - ${l}`).join('\n')}`,
    {
      todo: `Correct these keys; ${help}`,
    },
  );
}

function readYaml(path: string): unknown {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (cause) {
    throw new MmError('config-unreadable', `The configuration file cannot be read: ${path}`, {
      todo: 'Check the path and the permissions, or leave the option out to use the defaults.',
      cause,
    });
  }
  const document = parseDocument(text, { prettyErrors: true });
  const [error] = document.errors;
  if (error !== undefined) {
    throw new MmError(
      'config-syntax',
      `The configuration file is not valid YAML: ${path}\n${error.message}`,
      {
        todo: 'Correct the YAML at that line.',
      },
    );
  }
  return document.toJS();
}

function describe(schema: z.ZodType, issue: z.core.$ZodIssue): string[] {
  const place = issue.path.join('.') || '(top level)';
  if (issue.code !== 'unrecognized_keys') return [`${place}: ${issue.message}`];
  const known = schemaKeys(schema, issue.path);
  return issue.keys.map((key) => {
    const nearest = nearestKey(key, known);
    const full = [...issue.path, key].join('.');
    return `${full}: unknown key${nearest === null ? '' : `; did you mean "${nearest}"?`}`;
  });
}
