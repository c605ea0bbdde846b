import * as tf from '@tensorflow/tfjs';
import { type StateDict, writeBytes, writeSafetensors } from '@infnet/core-model';
import type { TrainableModel } from '../src/index.js';

/**
 * The smallest network that trains: each map is a line through the normalised grey value, `slope * x + offset`. A step takes
 * milliseconds, so that tests of everything around the network are quick.
 */
export class PixelModel implements TrainableModel {
  readonly options = { kind: 'pixel' };
  readonly #variables = new Map<string, tf.Variable>();

  constructor(slope = 0.5, offset = 0) {
    for (const map of ['globalMap', 's5', 's4', 's3', 'edge']) {
      this.#variables.set(
        `${map}.slope`,
        tf.tidy(() => tf.variable(tf.scalar(slope))),
      );
      this.#variables.set(
        `${map}.offset`,
        tf.tidy(() => tf.variable(tf.scalar(offset))),
      );
    }
  }

  parameters(): ReadonlyMap<string, tf.Variable> {
    return this.#variables;
  }

  buffers(): ReadonlyMap<string, tf.Variable> {
    return new Map();
  }

  forward(images: tf.Tensor4D): ReturnType<TrainableModel['forward']> {
    const grey = images.slice([0, 0, 0, 0], [-1, -1, -1, 1]); // [B,H,W,1]
    const map = (name: string): tf.Tensor4D =>
      grey.mul(this.#get(`${name}.slope`)).add(this.#get(`${name}.offset`));
    return { globalMap: map('globalMap'), s5: map('s5'), s4: map('s4'), s3: map('s3'), edge: map('edge') };
  }

  async stateDict(): Promise<StateDict> {
    const dict: StateDict = new Map();
    for (const [name, variable] of this.#variables) {
      dict.set(name, { dtype: 'float32', shape: [1], data: await variable.data<'float32'>() });
    }
    return dict;
  }

  loadStateDict(dict: StateDict): void {
    tf.tidy(() => {
      for (const [name, { data }] of dict) this.#get(name).assign(tf.scalar(Number(data[0])));
    });
  }

  async save(path: string): Promise<void> {
    await writeBytes(path, writeSafetensors(await this.stateDict()));
  }

  dispose(): void {
    for (const variable of this.#variables.values()) variable.dispose();
  }

  #get(name: string): tf.Variable {
    return this.#variables.get(name) as tf.Variable;
  }
}
