/**
 * Compiles packages/core-model/kernels (AssemblyScript) and writes the binary, as base64, where core-model imports it; the
 * binary is kept in the repository, so that nobody needs the compiler to build.
 *
 *     node scripts/compile-kernels.mjs [--check]
 *
 * With `--check` nothing is written: exits with 1 if the binary in the repository is not that of the sources.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { main } from 'assemblyscript/asc';
import { root } from './workspace.mjs';

const sources = join(root, 'packages/core-model/kernels');
const target = join(root, 'packages/core-model/src/kernels/binary.ts');

const module = await compiled();
if (process.argv.includes('--check')) {
  const upToDate = readFileSync(target, 'utf8') === module;
  if (!upToDate)
    console.error(`${target} is not what its sources give: run node scripts/compile-kernels.mjs`);
  process.exitCode = upToDate ? 0 : 1;
} else {
  writeFileSync(target, module);
}

async function compiled() {
  let binary;
  let told = '';
  const options = [
    '--optimizeLevel',
    '3',
    '--noAssert',
    '--runtime',
    'stub',
    '--importMemory',
    '--use',
    'abort=',
  ];
  const { error } = await main(
    ['index.ts', '--outFile', 'kernels.wasm', ...options, '--enable', 'simd,relaxed-simd'],
    {
      readFile: (name, base) => readOrNull(join(base === '.' ? sources : base, name)),
      writeFile: (_name, contents) => void (binary = contents),
      listFiles: () => [],
      stderr: { write: (text) => void (told += String(text)) },
    },
  );
  if (error) throw new Error(`the kernels do not compile:\n${told}`, { cause: error });
  return [
    '/** The kernels of packages/core-model/kernels, compiled by scripts/compile-kernels.mjs; base64. */',
    `export const BINARY: string =\n  '${Buffer.from(binary).toString('base64')}';`,
    '',
  ].join('\n');
}

function readOrNull(path) {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
}
