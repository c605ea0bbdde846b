import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readClusterRule } from '../../src/evaluate/clusters.js';
import { temporaryFolder } from '../infnet.js';

describe('patients of cases', () => {
  it('by the first group of a pattern', async () => {
    const clusterOf = await readClusterRule('^(.+)_\\d+$');
    expect(clusterOf('anna_12')).toBe('anna');
    expect(() => clusterOf('berta')).toThrow(expect.objectContaining({ code: 'no-patient' }));
  });

  it('by a table, with or without heading and endings', async () => {
    const root = await temporaryFolder();
    const file = join(root, 'patients.csv');
    await writeFile(file, 'case,patient\r\n"1.png",anna\n2;berta\n\n');
    const clusterOf = await readClusterRule(file);
    expect([clusterOf('1'), clusterOf('2')]).toEqual(['anna', 'berta']);
    expect(() => clusterOf('3')).toThrow('to which patient 3 belongs');
    await writeFile(file, 'only-a-name\n');
    await expect(readClusterRule(file)).rejects.toMatchObject({ code: 'usage' });
    await rm(root, { recursive: true });
  });

  it.each(['(', 'no-group'])('refuses %j', async (rule) => {
    await expect(readClusterRule(rule)).rejects.toMatchObject({ code: 'usage' });
  });
});
