import type { Architecture } from '../network/architecture.js';
import type { StateDict } from '../weights/state-dict.js';
import { type InfNetOptions, REFERENCE_OPTIONS, resolveOptions } from './options.js';
import { type InfNetOutputs, InfNetWiring } from './wiring.js';

/** Pixels times width up to which a training step of Res2Net50 fits a WebAssembly heap with all of it kept. */
const KEEP_ALL_UP_TO = 110_000;
/** The deepest feature is this many times smaller than the image. */
const STRIDE = 32;

/** Inf-Net (Fan et al., IEEE TMI 2020). */
export const INF_NET: Architecture<InfNetOptions, InfNetOutputs> = {
  name: 'inf-net',
  resolveOptions,
  build: (store, options) => new InfNetWiring(store, options),
  traits: () => ({
    inputChannels: 3,
    classes: 1,
    inputMultiple: STRIDE,
    minimumSize: STRIDE,
    outputs: ['globalMap', 's5', 's4', 's3', 'edge'],
    prediction: 's3',
  }),
  keepAllUpTo: ({ width }) => KEEP_ALL_UP_TO / width,
  inferOptions,
};

function inferOptions(dict: StateDict): InfNetOptions | undefined {
  const stem = dict.get('resnet.conv1.0.weight')?.shape[0];
  const channels = dict.get('rfb2_1.branch0.0.conv.weight')?.shape[0];
  if (stem === undefined || channels === undefined) return undefined;
  const blocks = [1, 2, 3, 4].map((layer) => {
    let count = 0;
    while (dict.has(`resnet.layer${layer}.${count}.conv1.weight`)) count++;
    return count;
  }) as [number, number, number, number];
  return resolveOptions({ ...REFERENCE_OPTIONS, channels, width: stem / 32, blocks });
}
