import { readFile } from 'node:fs/promises';
import { performance } from 'node:perf_hooks';
import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { VERSION } from '../../src/version.js';
import { BIN, infnet, only } from '../infnet.js';

const COMMANDS = [
  'segment',
  'train',
  'pseudo-label',
  'ablate',
  'report',
  'evaluate',
  'demo',
  'info',
  'doctor',
];

describe('help', () => {
  it('lists every command, and each has its own', async () => {
    const { code, stdout } = await infnet(['--help']);
    expect(code).toBe(0);
    for (const command of COMMANDS) {
      expect(stdout).toContain(command);
      const own = await infnet([command, '--help']);
      expect(own.code).toBe(0);
      for (const option of ['--json-log', '--quiet', '--no-progress', '--help']) {
        expect(own.stdout).toContain(option);
      }
    }
  });

  it('loads neither TensorFlow.js nor a package of this project', async () => {
    const seen = new Set<string>();
    const outside = new Set<string>();
    const follow = async (url: URL): Promise<void> => {
      if (seen.has(url.href)) return;
      seen.add(url.href);
      for (const [, name] of (await readFile(url, 'utf8')).matchAll(
        /^(?:import|export)\b.*from '(.+)';$/gm,
      )) {
        if (name!.startsWith('.')) await follow(new URL(name!, url));
        else if (!name!.startsWith('node:')) outside.add(name!);
      }
    };
    await follow(new URL('../../dist/main.js', import.meta.url));
    expect([...outside].toSorted()).toEqual(['cli-progress', 'commander']);
  });

  it('takes less than 150 ms of its own', () => {
    const best = (args: readonly string[]): number => {
      const times = Array.from({ length: 7 }, () => {
        const begin = performance.now();
        spawnSync(process.execPath, args);
        return performance.now() - begin;
      });
      return Math.min(...times);
    };
    expect(best([BIN, '--help']) - best(['-e', '0'])).toBeLessThan(150);
  });
});

describe('wrong arguments', () => {
  it.each([
    [['segment', 'x.png', '-o', 'out', '--treshold', '0.5'], "unknown option '--treshold'", '--threshold'],
    [['segmnet', 'x.png'], "unknown command 'segmnet'", 'segment'],
    [['segment', 'x.png', '-o', 'out', '-t', '1.5'], '1.5', 'infnet segment --help'],
    [['segment', 'x.png', '-o', 'out', '-s', '100'], 'multiple of 32', 'infnet segment --help'],
    [['segment', 'x.png', '-o', 'out', '-w', '1,2,3'], 'CENTER,WIDTH', 'infnet segment --help'],
    [['segment', 'x.png', '-o', 'out', '-w', 'lunge'], 'no window "lunge"', 'lung'],
    [['segment', 'x.png', '-o', 'o', '--overwrite', '--continue'], '--overwrite', 'infnet segment --help'],
    [['segment', 'x.png'], '--output', 'infnet segment --help'],
    [
      ['train', 'data', '-o', 'run', '--pseudo=False'],
      "unknown option '--pseudo=False'",
      'infnet train --help',
    ],
    [['train', 'data', '-o', 'run', '--epochs', '1.5'], 'whole number', 'infnet train --help'],
    [
      ['evaluate', '--pred', 'a', '--gt', 'b', '--protocol', 'best'],
      'standard, infnet',
      'infnet evaluate --help',
    ],
    [[], 'no command', 'infnet --help'],
  ])('%j: exit code 2, what is wrong, what to do', async (args, wrong, hint) => {
    const { code, stderr, events } = await infnet(args);
    expect(code).toBe(2);
    expect(stderr).toContain(wrong);
    expect(stderr).toContain(hint);
    expect(only(events, 'failure')).toHaveLength(1);
  });
});

describe('output', () => {
  it('is plain without a terminal, coloured when forced, plain again with NO_COLOR', async () => {
    const escape = '\u001B[';
    // Both variables are set each time: the machine that runs the tests may have its own.
    const plain = await infnet(['nothing'], { env: { FORCE_COLOR: '', NO_COLOR: '' } });
    expect(plain.stderr).not.toContain(escape);
    const forced = await infnet(['nothing'], { env: { FORCE_COLOR: '1', NO_COLOR: '' } });
    expect(forced.stderr).toContain(escape);
    const both = await infnet(['nothing'], { env: { FORCE_COLOR: '1', NO_COLOR: '1' } });
    expect(both.stderr).not.toContain(escape);
  });

  it('prints the version of package.json', async () => {
    const manifest = JSON.parse(await readFile(new URL('../../package.json', import.meta.url), 'utf8')) as {
      version: string;
    };
    expect(VERSION).toBe(manifest.version);
    expect((await infnet(['--version'])).stdout.trim()).toBe(VERSION);
  });
});
