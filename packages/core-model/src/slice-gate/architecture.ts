import type * as tf from '@tensorflow/tfjs-core';
import { OptionError } from '../errors.js';
import { Conv } from '../layers/conv.js';
import type { ForwardContext } from '../layers/context.js';
import type { ConvNorm } from '../layers/conv-norm.js';
import { namedConvNorm } from '../layers/named-conv-norm.js';
import type { ParameterStore } from '../layers/parameter-store.js';
import type { Unit } from '../layers/unit.js';
import type { Architecture, Wiring } from '../network/architecture.js';

/** Size of a slice gate, and the encoder it belongs to. */
export interface SliceGateOptions {
  /** Length of the vectors that it looks at. */
  readonly inputs: number;
  /** Units between vector and answer. */
  readonly hidden: number;
  /** SHA-256 of the encoder's weights. */
  readonly encoder: string;
}

/** What a slice gate says. */
export type SliceGateOutputs = {
  /** Logit that a slice shows infection, [B,1,1,1]. */
  readonly infected: tf.Tensor4D;
};

/** Two layers: 1x1 convolution, batch norm, ReLU; 1x1 convolution. */
class SliceGateWiring implements Wiring<SliceGateOutputs> {
  readonly units: readonly Unit[];
  readonly #hidden: ConvNorm;
  readonly #infected: Conv;

  constructor(store: ParameterStore, { inputs, hidden }: SliceGateOptions) {
    const gate = store.scope('gate.');
    this.#hidden = namedConvNorm(gate, 'hidden', 'norm', { inputs, outputs: hidden });
    this.#infected = new Conv(gate, 'infected', { inputs: hidden, outputs: 1 });
    this.units = [this.#hidden, this.#infected];
  }

  forward(vectors: tf.Tensor4D, context: ForwardContext): SliceGateOutputs {
    const hidden = this.#hidden.forward(vectors, context, { relu: true }); // [B,1,1,hidden]
    return { infected: this.#infected.forward(hidden) }; // [B,1,1,1]
  }
}

/** The classifier of slices that the paper names as future work (section V). */
export const SLICE_GATE: Architecture<SliceGateOptions, SliceGateOutputs> = {
  name: 'slice-gate',
  resolveOptions,
  build: (store, options) => new SliceGateWiring(store, options),
  traits: ({ inputs }) => ({
    inputChannels: inputs,
    classes: 1,
    inputMultiple: 1,
    minimumSize: 1,
    outputs: ['infected'],
    prediction: 'infected',
  }),
  keepAllUpTo: () => Infinity,
};

/** @throws {OptionError} */
function resolveOptions({
  inputs = 0,
  hidden = 32,
  encoder = '',
}: Partial<SliceGateOptions>): SliceGateOptions {
  for (const [name, value] of Object.entries({ inputs, hidden })) {
    if (Number.isInteger(value) && value >= 1 && value <= 65_536) continue;
    throw new OptionError(`${name} of a slice gate is ${value}`, 'give a whole number from 1 to 65536');
  }
  return { inputs, hidden, encoder };
}
