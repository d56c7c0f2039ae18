import { MmError } from '@kalshi-mm/core';
import type { WorldOptions } from '../options.ts';
import type { World } from './world.ts';

/** Makes the world that the options describe. @throws MmError when its files cannot be used */
export function createWorld(options: WorldOptions): World {
  switch (options.kind) {
    case 'custom':
      return options.world;
    default:
      throw new MmError('bad-option', 'pending');
  }
}
