import type { ImageCheck } from '@infnet/io-medical';
import type { Reporter } from './reporter.js';

/** Tells what reading an input warned of, and what looked odd about it. */
export function tellWarnings(
  input: string,
  { warnings, checks }: { readonly warnings: readonly string[]; readonly checks: readonly ImageCheck[] },
  reporter: Reporter,
): void {
  const odd = checks.map(({ message, hint }) => `${input}: ${message}. ${hint}`);
  for (const message of [...warnings, ...odd]) reporter.emit({ event: 'warning', input, message });
}
