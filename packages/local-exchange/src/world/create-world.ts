import { MmError } from '@kalshi-mm/core';
import type { WorldOptions } from '../options.ts';
import { syntheticWorld } from './synthetic-world.ts';
import { tapeWorld } from './tape-world.ts';
import type { World } from './world.ts';

/** Makes the world that the options describe. @throws MmError when its files cannot be used */
export function createWorld(options: WorldOptions): World {
  switch (options.kind) {
    case 'custom':
      return options.world;
    case 'tape':
      if (options.paths.length === 0) {
        throw new MmError('bad-option', 'No tape is named', { todo: 'Name at least one tape file.' });
      }
      return tapeWorld(options.paths, options.seed ?? 'local-exchange');
    case 'synthetic':
      return syntheticWorld(options.seed, options.startMs);
  }
}
