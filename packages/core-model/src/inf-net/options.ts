import { OptionError } from '../errors.js';

/** The architecture of an Inf-Net; plain JSON, stored with every model file. */
export interface InfNetOptions {
  readonly backbone: 'res2net50';
  /** Channels of the receptive field blocks and the partial decoder. Default 32. */
  readonly channels: number;
  /** Multiplier on every channel count of backbone, edge attention and reverse attention. Default 1. */
  readonly width: number;
  /** Blocks in each of the backbone's four layers. Default [3, 4, 6, 3]. */
  readonly blocks: readonly [number, number, number, number];
}

/** The paper's network, as released. */
export const REFERENCE_OPTIONS: InfNetOptions = {
  backbone: 'res2net50',
  channels: 32,
  width: 1,
  blocks: [3, 4, 6, 3],
};

/** Fills in defaults and checks ranges. @throws {OptionError} naming the option. */
export function resolveOptions(options: Partial<InfNetOptions>): InfNetOptions {
  const resolved = { ...REFERENCE_OPTIONS, ...options };
  const { backbone, channels, width, blocks } = resolved;
  if (backbone !== 'res2net50') {
    throw new OptionError(`unknown backbone '${String(backbone)}'`, "use 'res2net50'");
  }
  if (!isCount(channels))
    throw new OptionError(`channels is ${channels}`, 'give a whole number from 1 to 4096');
  if (!(width > 0 && width <= 8))
    throw new OptionError(`width is ${width}`, 'give a number above 0, up to 8');
  if (!Array.isArray(blocks) || blocks.length !== 4 || !blocks.every(isCount)) {
    throw new OptionError(
      `blocks is ${JSON.stringify(blocks)}`,
      'give four whole numbers, such as [3, 4, 6, 3]',
    );
  }
  const [one, two, three, four] = blocks as InfNetOptions['blocks'];
  return { backbone, channels, width, blocks: [one, two, three, four] };
}

/** Whether the state dict carries the reference's unused ImageNet head: the reference's own architecture only. */
export function hasClassifier({ width, blocks }: InfNetOptions): boolean {
  return width === 1 && blocks.every((count, i) => count === REFERENCE_OPTIONS.blocks[i]);
}

function isCount(value: number): boolean {
  return Number.isInteger(value) && value >= 1 && value <= 4096;
}
