import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../../../shared/data/', import.meta.url));

/** Path of a recorded dataset beside the repository, or null where the recordings are absent: tests then skip. */
export function dataPath(name: string): string | null {
  const path = `${root}${name}`;
  return existsSync(path) ? path : null;
}
