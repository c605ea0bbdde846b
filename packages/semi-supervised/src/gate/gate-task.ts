import type { SliceGateOutputs } from '@infnet/core-model';
import * as tf from '@tensorflow/tfjs';
import type { TrainableNetwork } from '../model.js';
import type { Objective } from '../objective/objective.js';
import { Random } from '../random.js';
import type { Task } from '../task.js';
import { gateScores, type GateScores } from './gate-scores.js';
import type { GateSlice } from './gate-slice.js';

/** A gate in training; `SliceGate` of `@infnet/core-model` fits. */
export interface TrainableGate extends TrainableNetwork {
  /** @param vectors [B,1,1,C]; gives a logit for each, [B,1,1,1] */
  forward(vectors: tf.Tensor4D, options: { readonly training: boolean }): SliceGateOutputs;
}

/** Vectors of one optimiser step. */
export interface GateBatch {
  readonly ids: readonly string[];
  readonly size: number;
  readonly vectors: readonly Float32Array[];
  readonly infected: readonly boolean[];
}

/** Telling slices with infection from those without. */
export type GateTask = Omit<Task<TrainableGate, GateSlice, GateBatch>, 'validate'> & {
  validate(model: TrainableGate, slices: readonly GateSlice[]): Promise<GateScores>;
};

/** What beside recipe and slices decides what a gate learns. */
export interface GateTaskOptions {
  /** Side length that the slices were encoded at. */
  readonly size: number;
  /** Weight of an infected slice in the loss, that of a healthy one being 1. */
  readonly infectedWeight: number;
}

/** Each slice comes twice in a batch, in two of its copies, so that batch norm never sees a single vector. */
const COPIES_IN_BATCH = 2;

/** Binary cross-entropy over slices, the two kinds of equal weight together. */
export function gateTask({ size, infectedWeight }: GateTaskOptions): GateTask {
  const objective: Objective<TrainableGate, GateBatch> = {
    description: { name: 'slice-gate', infectedWeight },
    part: ({ ids, vectors, infected, ...rest }, begin, end) => ({
      ...rest,
      ids: ids.slice(begin, end),
      vectors: vectors.slice(begin, end),
      infected: infected.slice(begin, end),
    }),
    prepare({ vectors, infected }, { model }) {
      const inputs = vectorTensor(vectors); // [B,1,1,C]
      const labels = tf.tensor4d(infected.map(Number), [infected.length, 1, 1, 1]);
      const weights = labels.mul(infectedWeight - 1).add(1);
      return () => {
        const logits = model.forward(inputs, { training: true }).infected; // [B,1,1,1]
        // log(1 + e^-|x|) + max(x, 0) - x y: the cross-entropy of a sigmoid that never overflows
        const loss = logits.abs().neg().exp().log1p().add(logits.relu()).sub(logits.mul(labels));
        return loss.mul(weights).sum().div<tf.Scalar>(weights.sum());
      };
    },
  };
  return {
    objective,
    purpose:
      'Says of a CT slice whether it shows infection, from what the encoder of an Inf-Net makes of it.',
    compose(slices, { seed, epoch }) {
      const drawn = slices.flatMap((slice) => {
        const random = Random.of(seed, 'gate-copy', epoch, slice.id);
        return Array.from({ length: COPIES_IN_BATCH }, () => {
          const { vectors, id, infected } = slice;
          return { id, infected, vector: vectors[random.integer(vectors.length)]! };
        });
      });
      return {
        ids: drawn.map(({ id }) => id),
        size,
        vectors: drawn.map(({ vector }) => vector),
        infected: drawn.map(({ infected }) => infected),
      };
    },
    async validate(model, slices) {
      const probability = tf.tidy(() => {
        const inputs = vectorTensor(slices.map(({ vectors }) => vectors[0]!)); // [B,1,1,C]
        return model.forward(inputs, { training: false }).infected.sigmoid(); // [B,1,1,1]
      });
      const values = await probability.data<'float32'>();
      probability.dispose();
      return gateScores(
        values,
        slices.map(({ infected }) => infected),
      );
    },
    bytesOf: ({ vectors, infected }) => [
      Uint8Array.of(Number(infected)),
      ...vectors.map(({ buffer, byteOffset, byteLength }) => new Uint8Array(buffer, byteOffset, byteLength)),
    ],
  };
}

function vectorTensor(vectors: readonly Float32Array[]): tf.Tensor4D {
  const length = vectors[0]?.length ?? 0;
  const values = new Float32Array(vectors.length * length);
  vectors.forEach((vector, i) => values.set(vector, i * length));
  return tf.tensor4d(values, [vectors.length, 1, 1, length]);
}
