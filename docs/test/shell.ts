/** One command of a `sh` block. */
export interface ShellCommand {
  /** Without prompt, comment and what it is piped into. */
  readonly words: readonly string[];
  /** What stands before it: `NAME=VALUE`. */
  readonly environment: Readonly<Record<string, string>>;
  /** The programs that it is piped into. */
  readonly into: readonly string[];
}

/** The commands of a `sh` block, in their order: a line may go on behind a backslash, and hold several behind `&&`. */
export function shellCommands(code: string): ShellCommand[] {
  return code
    .replaceAll(/\\\n\s*/g, ' ')
    .split('\n')
    .flatMap((line) => splitOutside(line, '#')[0]!.split('&&'))
    .filter((command) => command.trim() !== '')
    .map(parse);
}

function parse(command: string): ShellCommand {
  const [first, ...rest] = splitOutside(command, '|');
  const words = [...first!.matchAll(/'([^']*)'|"([^"]*)"|(\S+)/g)].map(
    ([, single, double, plain]) => single ?? double ?? plain!,
  );
  const start = words.findIndex((word) => !/^[A-Z_]+=/.test(word));
  return {
    words: words.slice(start),
    environment: Object.fromEntries(
      words.slice(0, start).map((word) => word.split('=', 2) as [string, string]),
    ),
    into: rest.map((program) => program.trim().split(' ')[0]!),
  };
}

/** Splits at a character that stands in no quotes; a `#` counts behind a space only. */
function splitOutside(text: string, at: '#' | '|'): string[] {
  const parts = [''];
  let quote = '';
  for (const [i, character] of text.split('').entries()) {
    if (quote === '' && (character === '"' || character === "'")) quote = character;
    else if (character === quote) quote = '';
    const splits = character === at && quote === '' && (at === '|' || i === 0 || text[i - 1] === ' ');
    if (splits) parts.push('');
    else parts[parts.length - 1] += character;
  }
  return parts;
}

/** The arguments of `infnet`, however it is called; undefined for another command. */
export function infnetArguments({ words }: ShellCommand): readonly string[] | undefined {
  const [first, second] = words;
  if (first === 'infnet') return words.slice(1);
  return first === 'npx' && (second === 'infnet' || second === '@infnet/cli') ? words.slice(2) : undefined;
}
