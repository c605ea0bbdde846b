import { describe, expect, it } from 'vitest';
import { counted, duration, figure } from '../../src/progress/format.js';
import { Reporter, type CommonOptions, type OutputStream } from '../../src/progress/reporter.js';

class Recorder implements OutputStream {
  readonly isTTY: boolean;
  text = '';
  constructor(isTTY: boolean) {
    this.isTTY = isTTY;
  }
  write(text: string): void {
    this.text += text;
  }
}

function record(isTTY: boolean, options: CommonOptions = {}): { stdout: string; stderr: string } {
  const [stdout, stderr] = [new Recorder(isTTY), new Recorder(isTTY)];
  const reporter = new Reporter({ stdout, stderr }, options);
  reporter.emit({ event: 'note', message: 'hello' });
  reporter.emit({ event: 'progress', task: 'work', subject: 'a', done: 1, total: 3 });
  reporter.emit({ event: 'failure', code: 'c', message: 'broken', hint: 'mend it' });
  reporter.answer('the answer');
  reporter.close();
  return { stdout: stdout.text, stderr: stderr.text };
}

describe('on a terminal', () => {
  it('shows text and bars on stderr, the answer on stdout, no JSON', () => {
    const { stdout, stderr } = record(true);
    expect(stdout).toBe('the answer\n');
    expect(stderr).toContain('hello');
    expect(stderr).toContain('1/3');
    expect(stderr).toContain('mend it');
  });

  it('--no-progress: no bar', () => {
    expect(record(true, { progress: false }).stderr).not.toContain('1/3');
  });

  it('--json-log: JSON on stdout, no bar', () => {
    const { stdout, stderr } = record(true, { jsonLog: true });
    expect(
      stdout
        .trim()
        .split('\n')
        .map((line) => (JSON.parse(line) as { event: string }).event),
    ).toEqual(['note', 'progress', 'failure']);
    expect(stderr).not.toContain('1/3');
    expect(stderr).toContain('the answer');
  });
});

describe('elsewhere', () => {
  it('writes JSON lines to stdout and text to stderr', () => {
    const { stdout, stderr } = record(false);
    expect(stdout.trim().split('\n')).toHaveLength(3);
    expect(stderr).toContain('hello');
  });

  it('--no-progress leaves out progress', () => {
    expect(record(false, { progress: false }).stdout).not.toContain('"progress"');
  });

  it('--quiet: only errors, and the answer; with --json-log the JSON too', () => {
    const quiet = record(false, { quiet: true });
    expect(quiet.stdout).toBe('the answer\n');
    expect(quiet.stderr).not.toContain('hello');
    expect(quiet.stderr).toContain('broken');
    expect(record(false, { quiet: true, jsonLog: true }).stdout).toContain('"failure"');
  });
});

describe('words', () => {
  it('for durations', () => {
    expect([0.123, 4.56, 42.4, 185, 7620, NaN].map(duration)).toEqual([
      '0.12 s',
      '4.6 s',
      '42 s',
      '3 min 05 s',
      '2 h 07 min',
      '?',
    ]);
  });

  it('for figures and counts', () => {
    expect([0.68187, NaN].map(figure)).toEqual(['0.682', 'n/a']);
    expect([counted(1, 'file'), counted(0, 'file')]).toEqual(['1 file', '0 files']);
  });
});
