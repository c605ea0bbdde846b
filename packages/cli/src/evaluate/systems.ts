import { basename, resolve } from 'node:path';
import { CliError } from '../errors.js';

/** A system to be measured: a folder of prediction maps with a name for the table. */
export interface System {
  readonly name: string;
  readonly folder: string;
}

/**
 * Names the folders of `--pred`: `NAME=FOLDER` says the name, otherwise the folder's own is taken, with its parent's in
 * front where two are alike.
 *
 * @throws CliError `usage` where a given name is used twice
 */
export function nameSystems(arguments_: readonly string[]): System[] {
  const parsed = arguments_.map((argument) => {
    const split = /^([^=/\\]+)=(.+)$/.exec(argument);
    return split ? { given: split[1]!, folder: split[2]! } : { given: undefined, folder: argument };
  });
  const systems = parsed.map(({ given, folder }) => {
    const own = basename(resolve(folder));
    const alike = parsed.filter(
      (other) => other.given === undefined && basename(resolve(other.folder)) === own,
    );
    const name = given ?? (alike.length > 1 ? `${basename(resolve(folder, '..'))}/${own}` : own);
    return { name, folder };
  });
  for (const { name } of systems) {
    if (systems.filter((other) => other.name === name).length > 1) {
      throw new CliError(
        'usage',
        `two systems are called "${name}"`,
        'name them apart: --pred a=FOLDER --pred b=FOLDER',
      );
    }
  }
  return systems;
}
