import { defineProject, mergeConfig } from 'vitest/config';
import { shared } from '../vitest.shared.js';

export default mergeConfig(
  shared,
  defineProject({
    test: {
      name: 'docs',
      globalSetup: './test/build-first.ts',
      maxConcurrency: 2,
      // A test is a page, with all that stands on it.
      testTimeout: 400_000,
    },
  }),
);
