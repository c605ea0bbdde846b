import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { ScoreName } from '@infnet/metrics';
import { CliError } from '../errors.js';
import { atomicWrite } from '../outputs/atomic-write.js';

/** `ablation.json`: what has to be the same for an ablation to be taken up again. */
export interface AblationConfig {
  readonly format: 'infnet-ablation';
  readonly version: string;
  readonly backend: string;
  readonly recipe: object;
  readonly network: object;
  /** SHA-256 of the file of `--init`; null for random weights. */
  readonly init: string | null;
  /** SHA-256 of the labelled slices. */
  readonly data: string;
  readonly validation: string;
}

/** `scores.json`: what one network, trained from one seed, scored. It is there when the network is done. */
export interface RunScores {
  readonly format: 'infnet-ablation-scores';
  /** Number in Table IV. */
  readonly row: number;
  readonly seed: number;
  readonly parameters: number;
  /** SHA-256 of the slices that it was measured on, and their number. */
  readonly test: string;
  readonly cases: number;
  /** What the scores mean. */
  readonly definition: string;
  /** Null where no case defines a score. */
  readonly scores: Readonly<Partial<Record<ScoreName, number | null>>>;
}

/**
 * The files of an ablation:
 *
 * - `ablation.json`: recipe, network, hash of the data
 * - `row-3/seed-0`: the run folder of one training, with `predictions` and, when it is done, `scores.json`
 * - `results.json`, `results.csv`, `table.md`, `table.tex`
 */
export class AblationFolder {
  readonly path: string;

  private constructor(path: string) {
    this.path = path;
  }

  /**
   * @param options.resume go on with the ablation in the folder; without one there, start it
   * @throws CliError `run-exists`, `run-mismatch`, `damaged-run`
   */
  static async open(
    path: string,
    config: AblationConfig,
    { resume }: { readonly resume: boolean },
  ): Promise<AblationFolder> {
    const file = join(path, 'ablation.json');
    if (await stat(file).catch(() => undefined)) {
      if (!resume) {
        throw new CliError(
          'run-exists',
          `${path} already holds an ablation`,
          'add --resume to go on with it, or name another folder',
        );
      }
      checkSame(await readConfig(file), config, path);
    } else {
      await atomicWrite(file, `${JSON.stringify(config, undefined, 2)}\n`);
    }
    return new AblationFolder(path);
  }

  /** Run folder of one training. */
  run(row: number, seed: number): string {
    return join(this.path, `row-${row}`, `seed-${seed}`);
  }

  async saveScores(scores: RunScores): Promise<void> {
    const path = join(this.run(scores.row, scores.seed), 'scores.json');
    await atomicWrite(path, `${JSON.stringify(scores, undefined, 2)}\n`);
  }

  /** Scores of every network that is done, in order of row and seed. */
  async scores(): Promise<RunScores[]> {
    return readAblationScores(this.path);
  }
}

/** Scores of every network of an ablation that is done, in order of row and seed; a damaged file counts as none. */
async function readAblationScores(path: string): Promise<RunScores[]> {
  const found: RunScores[] = [];
  for (const row of await numbered(path, 'row')) {
    for (const seed of await numbered(join(path, `row-${row}`), 'seed')) {
      const text = await readFile(join(path, `row-${row}`, `seed-${seed}`, 'scores.json'), 'utf8').catch(
        () => '',
      );
      const scores = parse(text) as RunScores | undefined;
      if (scores?.format === 'infnet-ablation-scores') found.push(scores);
    }
  }
  return found;
}

async function numbered(folder: string, what: string): Promise<number[]> {
  const names = await readdir(folder).catch(() => []);
  const numbers = names.flatMap((name) => {
    const [, number] = new RegExp(`^${what}-(\\d+)$`).exec(name) ?? [];
    return number === undefined ? [] : [Number(number)];
  });
  return numbers.toSorted((a, b) => a - b);
}

async function readConfig(file: string): Promise<AblationConfig> {
  const config = parse(await readFile(file, 'utf8')) as AblationConfig | undefined;
  if (config?.format === 'infnet-ablation') return config;
  throw new CliError('damaged-run', `${file} cannot be read`, 'start the ablation anew in another folder');
}

/** Versions may differ: an ablation may outlive an update, and its scores say what measured them. */
function checkSame(stored: AblationConfig, wanted: AblationConfig, path: string): void {
  const keys = ['backend', 'recipe', 'network', 'init', 'data', 'validation'] as const;
  const different = keys.filter((key) => JSON.stringify(stored[key]) !== JSON.stringify(wanted[key]));
  if (different.length === 0) return;
  const text = (value: unknown): string => JSON.stringify(value);
  throw new CliError(
    'run-mismatch',
    `${path} holds another ablation: ` +
      different.map((key) => `${key} was ${text(stored[key])}, is ${text(wanted[key])}`).join('; '),
    'resume with the same data, options and backend, or start a new one in another folder',
  );
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
