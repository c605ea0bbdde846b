/**
 * Writes docs/guide/reference/command-line.md: every command, argument and option of `infnet`, told by the parser that
 * the program itself uses, so that the page cannot go stale. Needs a built command line tool.
 *
 *     node scripts/cli-reference.mjs
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { createProgram } from '../packages/cli/dist/program.js';
import { root } from './workspace.mjs';

const page = join(root, 'docs', 'guide', 'reference', 'command-line.md');

/** The page, as Markdown. */
export function commandLineReference(program = createProgram(async () => {})) {
  const commands = program.commands.filter((command) => command.name() !== 'help');
  const shared = sharedOptions(commands);
  return [
    '---\ntitle: Command line\n---',
    '# Command line',
    'Generated from the parser of `infnet`; `infnet COMMAND --help` prints the same. ' +
      'In a clone, or without installing anything, write `npx infnet` or `npx @infnet/cli`.',
    table(
      ['command', 'does'],
      commands.map((command) => [`[\`infnet ${command.name()}\`](#${command.name()})`, command.summary()]),
    ),
    'Exit codes: 0 everything was done, 1 some inputs failed, 2 nothing could run, 130 stopped by Ctrl-C.',
    '## Options of every command',
    optionTable(shared),
    ...commands.flatMap((command) => describe(command, shared)),
    '',
  ].join('\n\n');
}

function describe(command, shared) {
  const known = new Set(shared.map(({ flags }) => flags));
  const operands = command.registeredArguments.map((operand) => [
    `\`${operand.name()}\`${operand.variadic ? ' ...' : ''}`,
    escaped(operand.description) + (operand.required ? '' : ' (optional)'),
  ]);
  const options = shown(command).filter(({ flags }) => !known.has(flags));
  return [
    `## ${command.name()}`,
    `\`\`\`text\ninfnet ${command.name()} ${command.usage()}\n\`\`\``,
    escaped(command.description().replaceAll('\n', ' ')),
    ...(operands.length > 0 ? [table(['argument', 'what it is'], operands)] : []),
    ...(options.length > 0 ? [optionTable(options)] : []),
    ...examples(command),
  ];
}

/** The options that all commands have, `--help` among them. */
function sharedOptions(commands) {
  const [first, ...others] = commands.map(shown);
  return first.filter(({ flags }) =>
    others.every((options) => options.some((option) => option.flags === flags)),
  );
}

/** What the help shows of a command, in its order. */
function shown(command) {
  return command.createHelp().visibleOptions(command);
}

function optionTable(options) {
  return table(
    ['option', 'what it does', 'default'],
    options.map((option) => [
      `\`${option.flags}\``,
      `${escaped(option.description)}${remarks(option)}`,
      option.defaultValue === undefined || option.negate ? '' : `\`${option.defaultValue}\``,
    ]),
  );
}

/** What the parser holds an option to, besides its type. */
function remarks({ argChoices = [], conflictsWith = [], mandatory }) {
  const code = (text) => `\`${text}\``;
  const flag = (name) => code(`--${name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`);
  return [
    argChoices.length > 0 && `: ${argChoices.map(code).join(', ')}`,
    conflictsWith.length > 0 && `; not with ${conflictsWith.map(flag).join(', ')}`,
    mandatory && ' (**required**)',
  ]
    .filter(Boolean)
    .join('');
}

/** The commands of the help's examples, which it prints behind a dollar sign. */
function examples(command) {
  let help = '';
  command.configureOutput({ writeOut: (text) => (help += text) });
  command.outputHelp();
  const lines = [...help.matchAll(/^ +\$ (.*)$/gm)].map(([, line]) => line);
  return lines.length === 0 ? [] : [`\`\`\`sh\n${lines.join('\n')}\n\`\`\``];
}

function table(head, rows) {
  const line = (cells) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

/** A cell's text: `<` and `|` would be taken for markup. */
function escaped(text) {
  return text.replaceAll('|', '\\|').replaceAll('<', '&lt;');
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  writeFileSync(page, commandLineReference());
}
