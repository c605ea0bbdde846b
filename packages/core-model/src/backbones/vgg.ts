import type * as tf from '@tensorflow/tfjs-core';
import { Conv } from '../layers/conv.js';
import { type ForwardContext, runBlock } from '../layers/context.js';
import type { ParameterScope } from '../layers/parameter-store.js';
import { type Unit, variablesOf } from '../layers/unit.js';
import { averagePool2x2 } from '../ops/index.js';
import type { Backbone, BackboneChannels, BackboneFeatures } from './backbone.js';

/** Channels of the five stages before the multiplier. */
const CHANNELS = [64, 128, 256, 512, 512] as const;
/** Convolutions of the first stage, which gives no feature. */
const STEM = 2;

export interface VggOptions {
  /** Multiplier on every channel count. */
  readonly width: number;
  /** Convolutions of the second to fifth stage; VGG16 has [2, 3, 3, 3]. */
  readonly blocks: readonly [number, number, number, number];
  /** Keep the second copies of the fourth and fifth stage, which no forward pass reads, in the state dict. */
  readonly twins: boolean;
}

/**
 * VGG16 (Simonyan and Zisserman, ICLR 2015) as the reference has it: no batch norm, average pools, and none before the
 * first stage, so that f2 is at half the input's size and f5 at a sixteenth.
 */
export class Vgg implements Backbone {
  readonly channels: BackboneChannels;
  readonly units: readonly Unit[];
  readonly #stages: readonly (readonly Conv[])[];

  constructor(scope: ParameterScope, { width, blocks, twins }: VggOptions) {
    const counts = [STEM, ...blocks];
    const channels = CHANNELS.map((count) => Math.max(1, Math.round(count * width)));
    this.#stages = channels.map((outputs, i) =>
      Array.from({ length: counts[i]! }, (_, j) => {
        const inputs = j > 0 ? outputs : i === 0 ? 3 : channels[i - 1]!;
        const { place, name } = placeOf(scope, i + 1, j + 1, 1);
        return new Conv(place, name, {
          inputs,
          outputs,
          kernel: 3,
          pad: 1,
          relu: true,
          initialiser: 'he-fan-out',
          constantInput: i === 0 && j === 0,
        });
      }),
    );
    if (twins) addTwins(scope, channels, counts);
    const [, f2, f3, f4, f5] = channels as [number, number, number, number, number];
    this.channels = { f2, f3, f4, f5 };
    this.units = this.#stages.flat();
  }

  forward(images: tf.Tensor4D, context: ForwardContext): BackboneFeatures {
    const [, f2, f3, f4, f5] = this.#stages.reduce<tf.Tensor4D[]>((features, convs, i) => {
      const inputs = i === 0 ? [] : [features[i - 1]!];
      const stage = runBlock(context, inputs, variablesOf(convs), ([x]) =>
        convs.reduce((y, conv) => conv.forward(y), x ? averagePool2x2(x) : images),
      ); // [B,H/2^i,W/2^i,.]
      return [...features, stage];
    }, []) as [tf.Tensor4D, tf.Tensor4D, tf.Tensor4D, tf.Tensor4D, tf.Tensor4D];
    return { f2, f3, f4, f5 };
  }
}

/** The reference's names: `conv2.conv2_1`, but `conv4_1.conv4_2_1` where a stage has a twin, `conv4_2.conv4_2_2`. */
function placeOf(
  scope: ParameterScope,
  stage: number,
  index: number,
  copy: 1 | 2,
): { place: ParameterScope; name: string } {
  return stage < 4
    ? { place: scope.child(`conv${stage}`), name: `conv${stage}_${index}` }
    : { place: scope.child(`conv${stage}_${copy}`), name: `conv${stage}_${index}_${copy}` };
}

function addTwins(scope: ParameterScope, channels: readonly number[], counts: readonly number[]): void {
  for (const stage of [4, 5]) {
    const outputs = channels[stage - 1]!;
    for (let index = 1; index <= counts[stage - 1]!; index++) {
      const inputs = index === 1 ? channels[stage - 2]! : outputs;
      const { place, name } = placeOf(scope, stage, index, 2);
      place.unused(`${name}.weight`, [outputs, inputs, 3, 3], 9 * inputs);
      place.unused(`${name}.bias`, [outputs], 9 * inputs);
    }
  }
}
