import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createProgram } from '../../packages/cli/src/program.js';
import manifest from '../../package.json' with { type: 'json' };
import { allBlocks, type CodeBlock, placeOf, ROOT } from './code-blocks.js';
import { infnetArguments, type ShellCommand, shellCommands } from './shell.js';
import { makeSupplies, supply } from './supplies.js';

const BIN = `${ROOT}packages/cli/bin/infnet.js`;
/** Trains for a moment where the page would train for an hour; the last of an option given twice counts. */
const SHORT = ['--width', '0.0625', '--size', '64', '--epochs', '1', '--batch', '2'];
const SHORT_ROUNDS = ['--round-epochs', '1', '--group-size', '3'];

const blocks = allBlocks().filter(({ language }) => language === 'sh');
const folder = mkdtempSync(join(tmpdir(), 'infnet-docs-'));
const supplies = `${folder}/supplies/`;

beforeAll(async () => {
  mkdirSync(supplies);
  await makeSupplies(supplies);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Refuses what the real program would refuse before it does anything. */
async function expectToParse(args: readonly string[]): Promise<void> {
  const program = createProgram(async () => {});
  for (const command of [program, ...program.commands]) {
    command.exitOverride();
    command.configureOutput({ writeErr: () => {} });
  }
  await program.parseAsync(args, { from: 'user' });
}

/** Where the commands of a page run, one after the other, as its reader would run them. */
function folderOf({ page }: CodeBlock): string {
  const own = `${folder}/${page.replaceAll(/\W/g, '-')}/`;
  mkdirSync(own, { recursive: true });
  return own;
}

/** Runs a command where the page's earlier ones ran; what it names and nobody has made yet is supplied. */
async function expectToRun(command: ShellCommand, block: CodeBlock): Promise<void> {
  const args = infnetArguments(command);
  if (args === undefined) return expectKnown(command);
  const cwd = folderOf(block);
  supply(supplies, cwd, inputsOf(args).join(' '));
  const env = { ...process.env, INFNET_CACHE: `${folder}/cache`, ...command.environment };
  const answer = promisify(execFile)(process.execPath, [BIN, ...args, ...shortened(args), '--quiet'], {
    cwd,
    env,
  });
  await answer.catch((error: Error) => {
    throw new Error(`${placeOf(block)}: ${error.message}`, { cause: error });
  });
}

/** Options that make a training of a moment of one of an hour. */
function shortened(args: readonly string[]): readonly string[] {
  const [name] = args;
  if (name === 'ablate') return [...SHORT, '--rows', '7', '--seeds', '1'];
  if (name !== 'train' && name !== 'pseudo-label') return [];
  const semi = args.includes('--semi');
  const rounds = semi || name === 'pseudo-label' ? SHORT_ROUNDS : [];
  return [...SHORT, ...rounds, ...(semi ? ['--pre-train-epochs', '1'] : [])];
}

/** The arguments without those that say where results go. */
function inputsOf(args: readonly string[]): readonly string[] {
  const [command] = args;
  return args.filter(
    (_, i) => !['-o', '--output'].includes(args[i - 1] ?? '') && !(command === 'convert' && i === 2),
  );
}

/** A command that is not `infnet`: what it names has to be there. */
function expectKnown({ words }: ShellCommand): void {
  const [program, ...rest] = words;
  const operands = rest.filter((word, i) => !word.startsWith('-') && rest[i - 1] !== '--prefix');
  if (program === 'cd') return;
  if (program === 'node') return expect(existsSync(ROOT + rest[0])).toBe(true);
  if (program === 'npx') return expect(existsSync(`${ROOT}node_modules/.bin/${rest[0]}`)).toBe(true);
  expect(program).toBe('npm');
  const [verb, ...names] = operands;
  if (verb === 'install') return names.forEach(expectInstallable);
  expect(Object.keys(manifest.scripts)).toContain(verb === 'run' ? names[0] : verb);
}

/** A package of this project, or one that a package of this project asks for, in a version that it asks for. */
function expectInstallable(specifier: string): void {
  const [, name = '', version] = specifier.match(/^(@?[^@]+)(?:@(.+))?$/) ?? [];
  if (name.startsWith('@infnet/')) return expect(existsSync(`${ROOT}packages/${name.slice(8)}`)).toBe(true);
  const asked = ['core-model', 'losses', 'semi-supervised', 'cli'].flatMap((folderName) => {
    const { dependencies = {}, peerDependencies = {} } = JSON.parse(
      readFileSync(`${ROOT}packages/${folderName}/package.json`, 'utf8'),
    ) as { dependencies?: Record<string, string>; peerDependencies?: Record<string, string> };
    return Object.entries({ ...dependencies, ...peerDependencies });
  });
  const versions = asked.filter(([known]) => known === name).map(([, range]) => range.replace(/^\^/, ''));
  expect(versions, `${name} is asked for by no package`).not.toEqual([]);
  if (version !== undefined) expect(versions).toContain(version);
}

const pages = [...new Set(blocks.map(({ page }) => page))];

describe('runs, command after command', () => {
  it.concurrent.each(pages)('%s', async (page) => {
    for (const block of blocks.filter((other) => other.page === page && other.noRun === undefined)) {
      for (const command of shellCommands(block.code)) await expectToRun(command, block);
    }
  });
});

describe('is parsed only', () => {
  it.each(
    blocks.filter(({ noRun }) => noRun !== undefined).map((block) => ({ ...block, place: placeOf(block) })),
  )('$place: $noRun', async ({ code }) => {
    for (const command of shellCommands(code)) {
      const args = infnetArguments(command);
      if (args === undefined) expectKnown(command);
      else await expectToParse(args);
    }
  });

  it.each(createProgram(async () => {}).commands.map((command) => [command.name(), command] as const))(
    'the examples of `infnet %s --help`',
    async (_, command) => {
      let help = '';
      command.configureOutput({ writeOut: (text) => (help += text) }).outputHelp();
      for (const [, line] of help.matchAll(/^ +\$ (.*)$/gm))
        await expectToParse(infnetArguments(shellCommands(line!)[0]!)!);
    },
  );
});

describe('what a guide may not say', () => {
  it.each([
    'infnet segment scan.nii.gz --out there',
    'infnet train data/train -o run --preset best',
    'infnet evaluate --pred maps --gt GT --protocol paper',
    'infnet segment scan.nii.gz -o out --overwrite --continue',
    'infnet predict scan.nii.gz',
  ])('%s', async (line) => {
    const [command] = shellCommands(line);
    await expect(expectToParse(infnetArguments(command!)!)).rejects.toThrow(
      /unknown|invalid|required|cannot be used/,
    );
  });

  it('npm run nothing-of-the-kind', () => {
    expect(() => expectKnown(shellCommands('npm run nothing-of-the-kind')[0]!)).toThrow(
      'nothing-of-the-kind',
    );
    expect(() => expectKnown(shellCommands('npm install webgpu@0.1.0')[0]!)).toThrow('0.1.0');
  });
});
