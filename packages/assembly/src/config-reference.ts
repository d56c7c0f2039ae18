import { z } from 'zod';
import { BotConfig } from './bot-config.ts';

/** One key of the configuration file. */
export interface ConfigKey {
  /** Dotted path. */
  readonly key: string;
  /** Default as JSON; null for keys without one. */
  readonly defaultJson: string | null;
  /** Meaning, with its unit. */
  readonly description: string;
}

/** One top-level block of the configuration file. */
export interface ConfigBlock {
  readonly block: string;
  readonly description: string;
}

/** Every key with its default and meaning, from the schemas themselves. */
export function configReference(): ConfigKey[] {
  const keys: ConfigKey[] = [];
  walk(schema(), BotConfig.parse({}), '', keys);
  return keys;
}

/** The top-level blocks in the order of the schema. */
export function configBlocks(): ConfigBlock[] {
  return Object.entries(schema().properties ?? {})
    .filter(([, property]) => property.properties !== undefined)
    .map(([block, { description }]) => ({ block, description: description ?? '' }));
}

interface JsonSchema {
  readonly description?: string;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
}

function schema(): JsonSchema {
  return z.toJSONSchema(BotConfig, { io: 'input' }) as JsonSchema;
}

function walk({ properties }: JsonSchema, defaults: unknown, path: string, into: ConfigKey[]): void {
  for (const [name, property] of Object.entries(properties ?? {})) {
    const key = path === '' ? name : `${path}.${name}`;
    const value = (defaults as Record<string, unknown> | null | undefined)?.[name];
    if (property.properties !== undefined) walk(property, value, key, into);
    else {
      into.push({
        key,
        defaultJson: value === undefined ? null : JSON.stringify(value),
        description: property.description ?? '',
      });
    }
  }
}
