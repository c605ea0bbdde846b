import { existsSync } from 'node:fs';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { demoModelPath } from '../../src/segment/load-model.js';
import { infnet, only, temporaryFolder } from '../infnet.js';

const present = existsSync(demoModelPath());

describe(`demo${present ? '' : ' (skipped: models/phantom-demo.safetensors is not there)'}`, () => {
  let root: string;
  beforeAll(async () => {
    root = await temporaryFolder();
    return () => rm(root, { recursive: true, force: true });
  });

  it.skipIf(!present)(
    'segments a phantom it never saw with Dice of at least 0.80, twice into one folder',
    async () => {
      for (const seed of ['2024', '77']) {
        const { code, events, stderr } = await infnet(['demo', '-o', join(root, 'demo'), '--seed', seed]);
        expect(code).toBe(0);
        expect(only(events, 'scores')[0]!.scores['dice']).toBeGreaterThanOrEqual(0.8);
        expect(stderr).toContain('report.html');
        expect(stderr).toMatch(/phantoms/);
      }
      const html = await readFile(join(root, 'demo', 'report.html'), 'utf8');
      expect(html).toMatch(/trained on synthetic phantoms/);
      expect(html).toMatch(/Dice against the truth/);
    },
  );
});
