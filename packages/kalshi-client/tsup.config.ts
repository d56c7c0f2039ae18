import { defineConfig } from 'tsup';
import shared from '../../tsup.config.ts';

/** One file per module, so that a bundler leaves out what a program does not use, and the libraries behind it. */
export default defineConfig({ ...shared, entry: ['src/*.ts', 'src/endpoints/*.ts', '!src/*.test.ts'] });
