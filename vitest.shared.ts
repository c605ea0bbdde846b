import type { ViteUserConfig } from 'vitest/config';

const conditions = ['@infnet/source'];

/** What every package's vitest.config.ts starts from: siblings are read from `src`, so no build is needed. */
export const shared: ViteUserConfig = {
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    include: ['test/**/*.test.ts'],
    maxWorkers: 2,
    testTimeout: 120_000,
    hookTimeout: 120_000,
    // scripts/test-summary.mjs adds these up and lists what was skipped, by name.
    reporters: ['default', 'json'],
    outputFile: { json: 'coverage/test-results.json' },
  },
};
