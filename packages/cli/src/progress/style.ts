import { styleText } from 'node:util';

/** The few styles that are used. */
export type Style = 'bold' | 'dim' | 'red' | 'green' | 'yellow' | 'cyan';

/**
 * Styles text for stderr: plain where NO_COLOR is set or stderr is no terminal; FORCE_COLOR overrides the latter.
 *
 * Node 20's `styleText` looks at neither, so this does.
 */
export function style(format: Style, text: string): string {
  return colourful() ? styleText(format, text) : text;
}

function colourful(): boolean {
  const { NO_COLOR, FORCE_COLOR, TERM } = process.env;
  if (NO_COLOR !== undefined && NO_COLOR !== '') return false;
  if (FORCE_COLOR !== undefined && FORCE_COLOR !== '' && FORCE_COLOR !== '0') return true;
  return process.stderr.isTTY && TERM !== 'dumb';
}
