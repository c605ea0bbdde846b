import { BACKBONES, type BackboneName } from '../backbones/create-backbone.js';
import { OptionError } from '../errors.js';
import { checkBlocks, checkWidth } from '../network/slice-options.js';

/** The architecture of an Inf-Net; plain JSON, stored with every model file. */
export interface InfNetOptions {
  /** Default `res2net50`. */
  readonly backbone: BackboneName;
  /** Channels of the receptive field blocks and the partial decoder. Default 32. */
  readonly channels: number;
  /** Multiplier on every channel count of backbone, edge attention and reverse attention. Default 1. */
  readonly width: number;
  /** Blocks in each of the backbone's four layers (VGG16: convolutions of its last four stages). Default: the backbone's own. */
  readonly blocks: readonly [number, number, number, number];
  /**
   * The parallel partial decoder, with its receptive field blocks. Without: S_g is one 1x1 convolution of f5. Default
   * true.
   */
  readonly partialDecoder: boolean;
  /** The three reverse-attention modules. Without: nothing refines S_g, so S_5 = S_4 = S_3 = S_g. Default true. */
  readonly reverseAttention: boolean;
  /**
   * Edge attention. Without: reverse attention sees no e_att, and the edge map is 0 everywhere, probability 1/2, which
   * no gradient reaches. Default true.
   */
  readonly edgeAttention: boolean;
}

const DEFAULTS = {
  backbone: 'res2net50',
  channels: 32,
  width: 1,
  partialDecoder: true,
  reverseAttention: true,
  edgeAttention: true,
} as const;

/** Fills in defaults and checks ranges. @throws {OptionError} naming the option. */
export function resolveOptions(options: Partial<InfNetOptions>): InfNetOptions {
  const given = { ...DEFAULTS, ...options };
  const { backbone, channels, width, partialDecoder, reverseAttention, edgeAttention } = given;
  if (!Object.hasOwn(BACKBONES, backbone)) {
    throw new OptionError(
      `unknown backbone '${backbone}'`,
      `use one of ${Object.keys(BACKBONES).join(', ')}`,
    );
  }
  if (!(Number.isInteger(channels) && channels >= 1 && channels <= 4096)) {
    throw new OptionError(`channels is ${channels}`, 'give a whole number from 1 to 4096');
  }
  checkWidth(width);
  const { blocks = BACKBONES[backbone].blocks } = options;
  const boxes = { partialDecoder, reverseAttention, edgeAttention };
  for (const [box, there] of Object.entries(boxes)) {
    if (typeof there !== 'boolean') throw new OptionError(`${box} is ${String(there)}`, 'give true or false');
  }
  return { backbone, channels, width, blocks: checkBlocks(blocks), ...boxes };
}
