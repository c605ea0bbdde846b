import { readFile, stat } from 'node:fs/promises';
import type { ClusterOf } from '@infnet/metrics/stats';
import { CliError } from '../errors.js';
import { stemOf } from '../inputs/stem.js';

/**
 * What `--cluster` says: a CSV file with case and patient on each line (a heading is allowed), or a regular expression
 * whose first group is the patient in a case's name.
 *
 * @throws CliError `usage` for no valid rule; the returned function throws `no-patient` for a case that it does not cover
 */
export async function readClusterRule(rule: string): Promise<ClusterOf> {
  const isFile = (await stat(rule).catch(() => undefined))?.isFile() === true;
  return isFile ? fromTable(await readFile(rule, 'utf8'), rule) : fromPattern(rule);
}

function fromTable(text: string, path: string): ClusterOf {
  const patients = new Map<string, string>();
  for (const line of text.split(/\r?\n/)) {
    if (line.trim() === '') continue;
    const [name, patient] = line.split(/[,;\t]/).map((cell) => cell.trim().replaceAll(/^"|"$/g, ''));
    if (name === undefined || patient === undefined || patient === '') {
      throw new CliError(
        'usage',
        `${path}: a line does not hold a case and a patient`,
        'write one line per case: NAME,PATIENT',
      );
    }
    patients.set(stemOf(name), patient);
  }
  return (id) => patients.get(id) ?? noPatient(id, path);
}

function fromPattern(rule: string): ClusterOf {
  let pattern: RegExp;
  try {
    pattern = new RegExp(rule, 'u');
  } catch (cause) {
    throw new CliError(
      'usage',
      `--cluster ${rule}: neither a file nor a regular expression`,
      "name a CSV file, or write a pattern such as '^(.+)-[0-9]+$'",
      { cause },
    );
  }
  if (new RegExp(`${rule}|`, 'u').exec('')!.length < 2) {
    throw new CliError(
      'usage',
      `--cluster ${rule}: no group in it`,
      "put the patient's part of the name in parentheses, such as '^(.+)-[0-9]+$'",
    );
  }
  return (id) => pattern.exec(id)?.[1] ?? noPatient(id, rule);
}

function noPatient(id: string, rule: string): never {
  throw new CliError(
    'no-patient',
    `--cluster ${rule} does not say to which patient ${id} belongs`,
    'cover every case, or leave --cluster out',
  );
}
