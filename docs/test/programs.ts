import { execFile } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { transform } from 'esbuild';
import { type CodeBlock, placeOf } from './code-blocks.js';

/** Below this workspace, so that programs find the packages as any project that has installed them. */
export const PROGRAMS: string = fileURLToPath(
  new URL(`../node_modules/.examples-${process.pid}/`, import.meta.url),
);

/** A program that plain Node runs: its path. */
export async function writeProgram(block: CodeBlock, folder: string): Promise<string> {
  const { code } = await transform(block.code, {
    loader: block.language === 'ts' ? 'ts' : 'js',
    target: 'node20',
    sourcefile: placeOf(block),
    // `import` of a type only must not stay; what is imported for its effect must.
    tsconfigRaw: { compilerOptions: { verbatimModuleSyntax: true } },
  });
  mkdirSync(folder, { recursive: true });
  const path = `${folder}${fileNameOf(block)}.mjs`;
  writeFileSync(path, code);
  return path;
}

/** `README-md-12` */
export function fileNameOf(block: CodeBlock): string {
  return placeOf(block).replaceAll(/\W+/g, '-');
}

/** Runs a program in a folder; gives the lines that it prints. Anything on stderr is a fault: it would be in a user's log. */
export async function linesOf(
  path: string,
  cwd: string,
  env: Readonly<Record<string, string>>,
): Promise<string[]> {
  const { stdout, stderr } = await promisify(execFile)(process.execPath, [path], {
    cwd,
    env: { ...process.env, ...env },
    timeout: 300_000,
  });
  if (stderr !== '') throw new Error(`on stderr: ${stderr}`);
  return stdout.split('\n').slice(0, -1);
}

/** What the comments behind `console.log(...)` promise. */
export function promisedBy({ code }: CodeBlock): string[] {
  return [...code.matchAll(/console\.log\(.*\); \/\/ (.*)/g)].map(([, promise]) => promise!);
}

/** The first promise that was not printed after those before it; undefined if all were kept. */
export function brokenPromise(printed: readonly string[], promised: readonly string[]): string | undefined {
  let from = 0;
  return promised.find((promise) => {
    const at = printed.indexOf(promise, from);
    from = at + 1;
    return at < 0;
  });
}
