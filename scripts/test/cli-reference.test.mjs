import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { commandLineReference } from '../cli-reference.mjs';

const program = fileURLToPath(new URL('../../packages/cli/bin/infnet.js', import.meta.url));
const page = commandLineReference();

/** What the real program prints. */
function help(...command) {
  const { stdout } = spawnSync(process.execPath, [program, ...command, '--help'], { encoding: 'utf8' });
  return stdout;
}

/** The part of the page below a heading. */
function section(heading) {
  return page.split(/^## /m).find((part) => part.startsWith(`${heading}\n`)) ?? '';
}

/** Options as a help lists them: `-o, --output <folder>`. */
function flagsIn(text) {
  return [...text.matchAll(/^ {2}((?:-\w, )?--[\w-]+(?: <[^>]+>)?)/gm)].map(([, flags]) => flags);
}

const commands = [...help().matchAll(/^ {2}([a-z-]+) \[options\]/gm)].map(([, name]) => name);

describe('the page on the command line', () => {
  it('has the commands that `infnet --help` names', () => {
    assert.ok(commands.length >= 9, `only ${commands.join(', ')}`);
    assert.deepEqual(
      [...page.matchAll(/^\| \[`infnet ([a-z-]+)`\]/gm)].map(([, name]) => name),
      commands,
    );
  });

  for (const command of commands) {
    it(`has every option that \`infnet ${command} --help\` lists, and no other`, () => {
      const listed = flagsIn(help(command));
      const told = [section('Options of every command'), section(command)].flatMap((part) =>
        [...part.matchAll(/^\| `(-[^`]+)` \|/gm)].map(([, flags]) => flags),
      );
      assert.ok(listed.length >= 4);
      assert.deepEqual(new Set(told), new Set(listed));
      assert.equal(told.length, listed.length);
    });
  }

  it('says what the parser would refuse', () => {
    assert.match(section('segment'), /`--overwrite` \| [^|]*; not with `--continue`/);
    assert.match(section('evaluate'), /`--gt <folder>` \| [^|]*\(\*\*required\*\*\)/);
    assert.match(section('train'), /`-p, --preset <name>` \| recipe: `default`, `short`.* \| `default` \|/);
  });
});
