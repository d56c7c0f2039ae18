import { defineConfig } from 'tsup';
import shared from '../../tsup.config.ts';

/** One file per group of endpoints, so that a bundler leaves out the groups that a program does not use. */
export default defineConfig({ ...shared, entry: ['src/index.ts', 'src/endpoints/*.ts'] });
