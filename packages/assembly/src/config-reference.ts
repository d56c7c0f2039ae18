import { z } from 'zod';
import { BotConfig } from './bot-config.ts';

/** One key of the configuration file. */
export interface ConfigKey {
  /** Dotted path. */
  readonly key: string;
  /** Default as JSON; null for keys without one. */
  readonly defaultJson: string | null;
  readonly description: string;
}

/** Every key with its default and meaning, from the schemas themselves. */
export function configReference(): ConfigKey[] {
  const keys: ConfigKey[] = [];
  walk(z.toJSONSchema(BotConfig, { io: 'input' }) as JsonSchema, BotConfig.parse({}), '', keys);
  return keys;
}

interface JsonSchema {
  readonly description?: string;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
}

function walk(schema: JsonSchema, defaults: unknown, path: string, into: ConfigKey[]): void {
  for (const [name, property] of Object.entries(schema.properties ?? {})) {
    const key = path === '' ? name : `${path}.${name}`;
    const value = (defaults as Record<string, unknown> | null | undefined)?.[name];
    if (property.properties !== undefined) {
      walk({ ...property, description: property.description ?? schema.description ?? '' }, value, key, into);
    } else {
      into.push({
        key,
        defaultJson: value === undefined ? null : JSON.stringify(value),
        description: property.description ?? schema.description ?? '',
      });
    }
  }
}
