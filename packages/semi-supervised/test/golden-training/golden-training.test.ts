import { readFile } from 'node:fs/promises';
import * as tf from '@tensorflow/tfjs';
import '@tensorflow/tfjs-backend-wasm';
import { beforeAll, describe, expect, it } from 'vitest';
import type { ConformanceGolden } from '../../../core-model/test/conformance/case.js';
import {
  describeInChild,
  describeInChromium,
  IMITATED,
} from '../../../core-model/test/conformance/describe-cases.js';
import { dawnEnvironment } from '../../../core-model/test/conformance/processes.js';
import { loadGolden, runCase } from '../../../core-model/test/conformance/run-cases.js';
import { SMALLEST_TRAINING, TRAINING_CASES } from './training-cases.js';

const GOLDEN = new URL('../../../core-model/test/golden/', import.meta.url);
const CHILD = new URL('training-child.ts', import.meta.url);
const PAGE = new URL('training-page.ts', import.meta.url);
const SMALLEST = { what: 'golden training', cases: SMALLEST_TRAINING };

describe('golden training of wasm in Node', () => {
  let golden: ConformanceGolden;
  beforeAll(async () => {
    expect(await tf.setBackend('wasm')).toBe(true);
    golden = await loadGolden(async (file) => new Uint8Array(await readFile(new URL(file, GOLDEN))));
  });
  for (const one of TRAINING_CASES) {
    it(one.name, async () => {
      expect((await runCase(one, golden)).fault).toBeUndefined();
    });
  }
});

await describeInChild(
  { ...SMALLEST, entry: CHILD },
  { backend: 'webgpu', env: await dawnEnvironment(CHILD) },
);
describeInChromium({ ...SMALLEST, entry: PAGE }, [['webgpu', IMITATED]]);
