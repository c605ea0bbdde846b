import { spawn } from 'node:child_process';

/**
 * Runs a program to its end, or kills it with SIGKILL `killAfter` ms after its first event.
 *
 * @returns its first to last event in ms, and whether it reached its end
 */
export function runProgram(
  program: string,
  runFolder: string,
  killAfter = Infinity,
): Promise<{ ms: number; completed: boolean }> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [program, runFolder], { stdio: ['ignore', 'pipe', 'pipe'] });
    let begin = 0;
    let complaint = '';
    let timer: NodeJS.Timeout | undefined;
    child.stderr.on('data', (data: Buffer) => (complaint += data.toString()));
    child.stdout.once('data', () => {
      begin = performance.now();
      if (killAfter < Infinity) timer = setTimeout(() => child.kill('SIGKILL'), killAfter);
    });
    child.stdout.resume();
    child.once('error', reject);
    child.once('close', (code, signal) => {
      clearTimeout(timer);
      if (code === 0 || signal === 'SIGKILL')
        resolve({ ms: performance.now() - begin, completed: code === 0 });
      else reject(new Error(`the run ended with ${code ?? signal}: ${complaint}`));
    });
  });
}
