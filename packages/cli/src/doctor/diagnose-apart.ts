import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { BackendDiagnosis, BackendName } from '@infnet/core-model';

const PROGRAM = fileURLToPath(new URL('../../bin/infnet.js', import.meta.url));

/** A driver that says nothing for this long is taken for dead. */
const PATIENCE_MS = 60_000;

/** Tries one backend in a process of its own: a broken driver may crash or hang, and the doctor has to survive that. */
export function diagnoseApart(name: BackendName, signal: AbortSignal): Promise<BackendDiagnosis> {
  const fault = (reason: string): BackendDiagnosis => ({
    name,
    works: false,
    code: 'backend-unavailable',
    reason: `backend "${name}" ${reason}`,
    hint: 'Its driver or its package is broken: install them again, or use "auto".',
  });
  return new Promise((resolve, reject) => {
    const settings = { timeout: PATIENCE_MS, killSignal: 'SIGKILL', signal } as const;
    const args = [PROGRAM, 'doctor', '--only', name];
    execFile(process.execPath, args, settings, (error, stdout) => {
      if (signal.aborted) reject(signal.reason as Error);
      else if (error?.killed) resolve(fault(`did not answer within ${PATIENCE_MS / 1000} s`));
      else if (error?.signal) resolve(fault(`took its process down (${error.signal})`));
      else resolve(parse(stdout) ?? fault('ended its process without an answer'));
    });
  });
}

function parse(stdout: string): BackendDiagnosis | undefined {
  try {
    return JSON.parse(stdout) as BackendDiagnosis;
  } catch {
    return undefined;
  }
}
