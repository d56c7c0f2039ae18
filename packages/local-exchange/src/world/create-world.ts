import { MmError } from '@kalshi-mm/core';
import type { WorldOptions } from '../options.ts';
import { mixedWorld } from './mixed-world.ts';
import { syntheticWorld } from './synthetic-world.ts';
import { tapeWorld } from './tape-world.ts';
import type { World } from './world.ts';

/** Makes the world that the options describe. @throws MmError when its files or its configuration cannot be used */
export function createWorld(options: WorldOptions): World {
  if (options.kind === 'custom') return options.world;
  if (options.kind === 'synthetic') return syntheticWorld(options.seed, options.startMs, options.config);
  if (options.paths.length === 0) {
    throw new MmError('bad-option', 'No tape is named', { todo: 'Name at least one tape file.' });
  }
  if (options.kind === 'mixed') return mixedWorld(options.paths, options);
  return tapeWorld(options.paths, options.seed ?? 'local-exchange', options);
}
