import { TrainingError } from '../errors.js';
import { Random, shuffled } from '../random.js';

/** How unlabelled slices are divided into the groups of Algorithm 1. */
export interface GroupOptions {
  /** Slices in a group; the paper's K. Default 5. */
  readonly groupSize?: number;
  /**
   * `random` (default, the paper): any slices together. `volume`: slices of a group come from as many different volumes
   * as there are, so that no round learns from near-copies.
   */
  readonly grouping?: 'random' | 'volume';
  /** The volume that a slice belongs to, for `volume`. Default: its id up to the last number. */
  readonly volumeOf?: (id: string) => string;
  /**
   * What becomes of the slices that do not fill a last group: `keep` (default) makes a smaller group of them, `drop`
   * leaves them out, as the released code does (`int(n / 5)` groups).
   */
  readonly remainder?: 'keep' | 'drop';
}

/**
 * Divides ids into groups at random; the order of the groups is the order of the rounds. Depends on the seed and the
 * set of ids alone, not on their order.
 *
 * @throws TrainingError `invalid-option`
 */
export function planGroups(ids: readonly string[], seed: number, options: GroupOptions = {}): string[][] {
  const { groupSize = 5, grouping = 'random', volumeOf = volumeOfName, remainder = 'keep' } = options;
  if (!(Number.isInteger(groupSize) && groupSize >= 1)) {
    throw new TrainingError(
      'invalid-option',
      `groupSize is ${groupSize}`,
      'groupSize has to be an integer of at least 1; the paper takes 5.',
    );
  }
  const drawn = shuffled(ids.toSorted(), Random.of(seed, 'groups'));
  const order = grouping === 'volume' ? dealt(drawn, volumeOf) : drawn;
  const full = order.length / groupSize;
  const count = remainder === 'keep' ? Math.ceil(full) : Math.floor(full);
  if (count === 0 && ids.length > 0) {
    throw new TrainingError(
      'invalid-option',
      `${ids.length} unlabelled slices do not fill one group of ${groupSize}, and the rest is to be dropped`,
      "Make groupSize smaller, or keep the rest (remainder: 'keep').",
    );
  }
  return Array.from({ length: count }, (_, group) => order.slice(group * groupSize, (group + 1) * groupSize));
}

/** `radiopaedia_10_85902_3-dcm_40` and its like: everything before the last number. */
function volumeOfName(id: string): string {
  return id.replace(/\d+\D*$/u, '');
}

/** One slice of each volume in turn, as cards are dealt, so that neighbours in the order come from different volumes. */
function dealt(drawn: readonly string[], volumeOf: (id: string) => string): string[] {
  const taken = new Map<string, number>();
  const turns = drawn.map((id) => {
    const volume = volumeOf(id);
    const turn = taken.get(volume) ?? 0;
    taken.set(volume, turn + 1);
    return { id, turn };
  });
  return turns.toSorted((a, b) => a.turn - b.turn).map(({ id }) => id);
}
