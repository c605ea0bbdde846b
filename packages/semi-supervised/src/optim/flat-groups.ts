import * as tf from '@tensorflow/tfjs';

/**
 * Elements in a group at most, unless a single variable has more. The wasm backend copies a whole vector for every
 * slice taken from it, so longer groups cost more than the calls they save (1.5 million parameters, Adam: 35 ms in
 * groups of 2¹⁵, 1.4 s in one vector).
 */
const GROUP_ELEMENTS = 2 ** 15;

interface Group {
  readonly variables: readonly tf.Variable[];
  readonly length: number;
}

/**
 * Many variables seen as fewer, longer vectors.
 *
 * An Inf-Net has 473 tensors, most of them tiny, and an optimiser needs about ten operations per tensor. On vectors the
 * same arithmetic takes a fraction of the calls and gives the same numbers.
 */
export class FlatGroups {
  /** Number of elements of each vector. */
  readonly lengths: readonly number[];
  /** Number of elements in all. */
  readonly length: number;
  readonly #groups: readonly Group[];

  constructor(variables: Iterable<tf.Variable>, groupElements: number = GROUP_ELEMENTS) {
    const groups: { variables: tf.Variable[]; length: number }[] = [];
    for (const variable of variables) {
      const last = groups.at(-1);
      if (last && last.length + variable.size <= groupElements) {
        last.variables.push(variable);
        last.length += variable.size;
      } else {
        groups.push({ variables: [variable], length: variable.size });
      }
    }
    this.#groups = groups;
    this.lengths = groups.map((group) => group.length);
    this.length = this.lengths.reduce((sum, length) => sum + length, 0);
  }

  /** The variables' values, or for each variable what `of` gives, as vectors. The caller owns them. */
  gather(of: (variable: tf.Variable) => tf.Tensor = (variable) => variable): tf.Tensor1D[] {
    return tf.tidy(() => this.#groups.map((group) => vectorOf(group, of)));
  }

  /** Assigns vectors back to the variables. The vectors stay the caller's. */
  scatter(vectors: readonly tf.Tensor1D[]): void {
    for (const [index, group] of this.#groups.entries()) assignTo(group, vectors[index] as tf.Tensor1D);
  }

  /**
   * Replaces the variables' values, vector by vector, by what `change` makes of them. It runs inside a tidy of its own for
   * each, so that only one vector's intermediate tensors are alive at a time.
   */
  update(change: (values: tf.Tensor1D, index: number) => tf.Tensor1D): void {
    for (const [index, group] of this.#groups.entries()) {
      tf.tidy(() => assignTo(group, change(vectorOf(group), index)));
    }
  }

  /** New vectors of zeros; the caller owns them. */
  zeros(): tf.Tensor1D[] {
    return this.lengths.map((length) => tf.zeros([length]) as tf.Tensor1D);
  }

  /** Vectors read back as one array of {@link length} elements. */
  async read(vectors: readonly tf.Tensor1D[]): Promise<Float32Array> {
    const all = new Float32Array(this.length);
    let begin = 0;
    for (const vector of vectors) {
      all.set(await vector.data<'float32'>(), begin);
      begin += vector.size;
    }
    return all;
  }

  /** The inverse of {@link read}: new vectors, which the caller owns. */
  write(all: Float32Array): tf.Tensor1D[] {
    let begin = 0;
    return this.lengths.map((length) => {
      begin += length;
      return tf.tensor1d(all.slice(begin - length, begin));
    });
  }
}

/** [N], sharing the memory of a variable that is alone in its group. */
function vectorOf(
  { variables }: Group,
  of: (variable: tf.Variable) => tf.Tensor = (variable) => variable,
): tf.Tensor1D {
  const parts = variables.map((variable) => of(variable).flatten()); // [n] each
  return parts.length === 1 ? (parts[0] as tf.Tensor1D) : tf.concat1d(parts);
}

function assignTo({ variables }: Group, whole: tf.Tensor1D): void {
  tf.tidy(() => {
    let begin = 0;
    for (const variable of variables) {
      const part = variable.size === whole.size ? whole : tf.slice1d(whole, begin, variable.size); // [n]
      variable.assign(part.reshape(variable.shape));
      begin += variable.size;
    }
  });
}
