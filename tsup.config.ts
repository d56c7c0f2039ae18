import { defineConfig } from 'tsup';

/** One build for every package: ESM and types, from src/index.ts, plus bin.ts where a package has one. */
export default defineConfig({
  entry: ['src/index.ts', 'src/bin.ts', 'src/control-bin.ts', 'src/main.ts'],
  format: ['esm'],
  dts: { entry: 'src/index.ts' },
  sourcemap: true,
  clean: true,
  target: 'node22',
});
