import { BACKBONES, type BackboneName } from '../backbones/create-backbone.js';
import type { Architecture } from '../network/architecture.js';
import { footprintByWidth } from '../network/footprint.js';
import type { StateDict } from '../weights/state-dict.js';
import { type InfNetOptions, resolveOptions } from './options.js';
import { type InfNetOutputs, InfNetWiring } from './wiring.js';

/** Images times pixels times width up to which a training step fits a WebAssembly heap with all of it kept. */
const KEEP_ALL_UP_TO = { res2net50: 380_000, resnet50: 380_000, vgg16: 300_000 } as const;

/** What runs take, by the backbone. */
const FOOTPRINTS = {
  res2net50: footprintByWidth({
    perPixel: { predict: 620, train: 5_100, 'train-recomputing': 1_900 },
    largestPerPixel: { predict: 64, train: 320, 'train-recomputing': 320 },
  }),
  resnet50: footprintByWidth({
    perPixel: { predict: 620, train: 4_500, 'train-recomputing': 1_900 },
    largestPerPixel: { predict: 64, train: 320, 'train-recomputing': 320 },
  }),
  vgg16: footprintByWidth({
    perPixel: { predict: 1_170, train: 6_000, 'train-recomputing': 4_600 },
    largestPerPixel: { predict: 256, train: 1_200, 'train-recomputing': 1_200 },
  }),
} as const;

/** Inf-Net (Fan et al., IEEE TMI 2020), and its ablations (Table IV). */
export const INF_NET: Architecture<InfNetOptions, InfNetOutputs> = {
  name: 'inf-net',
  resolveOptions,
  build: (store, options) => new InfNetWiring(store, options),
  traits: ({ backbone, reverseAttention, edgeAttention }) => ({
    inputChannels: 3,
    classes: 1,
    inputMultiple: BACKBONES[backbone].stride,
    minimumSize: BACKBONES[backbone].stride,
    outputs: [
      'globalMap',
      ...(reverseAttention ? (['s5', 's4', 's3'] as const) : []),
      ...(edgeAttention ? (['edge'] as const) : []),
    ],
    prediction: reverseAttention ? 's3' : 'globalMap',
  }),
  keepAllUpTo: ({ backbone, width }) => KEEP_ALL_UP_TO[backbone] / width,
  footprint: (options) => FOOTPRINTS[options.backbone](options),
  inferOptions,
};

/** A kernel by which a backbone is known, and how many of its outputs there are for each unit of width. */
const STEMS: Readonly<Record<BackboneName, readonly [name: string, outputs: number]>> = {
  res2net50: ['resnet.conv1.0.weight', 32],
  resnet50: ['resnet.conv1.weight', 64],
  vgg16: ['vgg.conv1.conv1_1.weight', 64],
};

/** Name of the `index`-th block, or of VGG16 the convolution, in the layer of feature f(layer + 1). */
function blockName(backbone: BackboneName, layer: number, index: number): string {
  if (backbone !== 'vgg16') return `resnet.layer${layer}.${index}.conv1.weight`;
  const stage = layer + 1;
  return stage < 4
    ? `vgg.conv${stage}.conv${stage}_${index + 1}.weight`
    : `vgg.conv${stage}_1.conv${stage}_${index + 1}_1.weight`;
}

function inferOptions(dict: StateDict): InfNetOptions | undefined {
  const backbones = Object.keys(STEMS) as BackboneName[];
  const backbone = backbones.find((name) => dict.has(STEMS[name][0]));
  const channels = dict.get('rfb2_1.branch0.0.conv.weight')?.shape[0];
  if (backbone === undefined || channels === undefined) return undefined;
  const [stem, outputs] = STEMS[backbone];
  const blocks = [1, 2, 3, 4].map((layer) => {
    let count = 0;
    while (dict.has(blockName(backbone, layer, count))) count++;
    return count;
  }) as [number, number, number, number];
  const reverseAttention = dict.has('ra4_conv1.conv.weight');
  const edgeAttention = dict.has('edge_conv1.conv.weight');
  const width = dict.get(stem)!.shape[0]! / outputs;
  return resolveOptions({ backbone, channels, width, blocks, reverseAttention, edgeAttention });
}
