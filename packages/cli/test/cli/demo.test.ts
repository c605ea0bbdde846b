import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { infnet, only, temporaryFolder } from '../infnet.js';

describe('demo', () => {
  let root: string;
  beforeAll(async () => {
    root = await temporaryFolder();
    return () => rm(root, { recursive: true, force: true });
  });

  it('segments phantoms it never saw, twice into one folder', async () => {
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
  });
});
