import { CliError } from '../errors.js';

/** A class of a label map. */
export interface LabelClass {
  readonly label: number;
  readonly name: string;
}

/**
 * What `--labels` says: `1=ggo,2=consolidation`, or `1,2`.
 *
 * @throws CliError `usage`
 */
export function parseLabels(text: string): LabelClass[] {
  const classes = text.split(',').map((part) => {
    const [, digits, name] = /^\s*(\d{1,3})\s*(?:=\s*(.+?)\s*)?$/.exec(part) ?? [];
    const label = Number(digits);
    if (digits === undefined || label > 255) {
      throw new CliError(
        'usage',
        `--labels: "${part}" is no label`,
        'write whole numbers from 0 to 255 with their names, such as 1=ggo,2=consolidation',
      );
    }
    return { label, name: name ?? `label ${label}` };
  });
  for (const key of ['label', 'name'] as const) {
    if (new Set(classes.map((one) => one[key])).size < classes.length) {
      throw new CliError(
        'usage',
        `--labels: a ${key} is used twice`,
        'give every label once, with its own name',
      );
    }
  }
  return classes;
}
