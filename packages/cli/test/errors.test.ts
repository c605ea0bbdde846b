import { stat } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { CliError, describeFailure, isAbort } from '../src/errors.js';

describe('failures in words', () => {
  it('of an error with a hint are its own', () => {
    expect(describeFailure(new CliError('a-code', 'what\n  happened', 'do this'))).toEqual({
      code: 'a-code',
      message: 'what happened',
      hint: 'do this',
    });
  });

  it('of the system name the file and what to do', async () => {
    const error: unknown = await stat('/no/such/file').catch((reason: unknown) => reason);
    expect(describeFailure(error)).toMatchObject({
      code: 'enoent',
      message: '/no/such/file: no such file or folder',
    });
  });

  it.each([new Error('oops'), 'oops', undefined, null, 7])(
    'of anything else say that it is a defect: %s',
    (thrown) => {
      const { code, message, hint } = describeFailure(thrown);
      expect(code).toBe('unexpected');
      expect(message.length).toBeGreaterThan(0);
      expect(hint).toContain('doctor');
    },
  );
});

describe('abort', () => {
  it('is told from a failure that happens after it', () => {
    const controller = new AbortController();
    expect(isAbort(new Error('x'), controller.signal)).toBe(false);
    controller.abort();
    expect(isAbort(controller.signal.reason, controller.signal)).toBe(true);
    expect(isAbort(new Error('disk full'), controller.signal)).toBe(false);
  });
});
