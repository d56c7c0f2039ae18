import { defineConfig } from 'vitest/config';

const report = process.env.VITEST_JSON_REPORT;

/** Tests run from source: workspace imports resolve to src/ through the custom export condition. */
export default defineConfig({
  resolve: { conditions: ['@kalshi-mm/source'] },
  ssr: { resolve: { conditions: ['@kalshi-mm/source'], externalConditions: ['@kalshi-mm/source'] } },
  test: {
    include: [
      'packages/*/src/**/*.test.ts',
      'apps/*/src/**/*.test.ts',
      'bench/src/**/*.test.ts',
      'tests/**/*.test.ts',
    ],
    testTimeout: 120_000,
    hookTimeout: 120_000,
    pool: 'forks',
    reporters: report === undefined ? ['default'] : ['default', 'json'],
    ...(report === undefined ? {} : { outputFile: { json: report } }),
  },
});
