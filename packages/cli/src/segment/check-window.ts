import { CT_WINDOWS } from '@infnet/io-medical';
import { CliError } from '../errors.js';
import type { WindowChoice } from '../options.js';

/** @throws CliError `usage` for a name that is none */
export function checkWindow(window: WindowChoice | undefined): void {
  if (typeof window !== 'string' || Object.hasOwn(CT_WINDOWS, window)) return;
  const known = Object.keys(CT_WINDOWS).join(', ');
  throw new CliError(
    'usage',
    `there is no window "${window}"`,
    `use ${known}, or CENTER,WIDTH in HU such as -600,1500`,
  );
}
