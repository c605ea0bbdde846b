import type { ParameterScope } from '../layers/parameter-store.js';
import type { Backbone } from './backbone.js';
import { Res2Net } from './res2net.js';
import { ResNet } from './resnet.js';
import { Vgg } from './vgg.js';

/** A backbone by the name that options give it. */
export type BackboneName = 'res2net50' | 'resnet50' | 'vgg16';

export interface BackboneOptions {
  readonly backbone: BackboneName;
  /** Multiplier on every channel count. */
  readonly width: number;
  /** Blocks, or with VGG16 convolutions, of each layer. */
  readonly blocks: readonly [number, number, number, number];
}

/** What is fixed for a backbone. */
export interface BackboneFacts {
  /** Where the reference's names put it. */
  readonly place: 'resnet' | 'vgg';
  /** The blocks that its name promises. */
  readonly blocks: readonly [number, number, number, number];
  /** f5 is this many times smaller than the image. */
  readonly stride: 16 | 32;
}

/** The backbones of the released code. */
export const BACKBONES: Readonly<Record<BackboneName, BackboneFacts>> = {
  res2net50: { place: 'resnet', blocks: [3, 4, 6, 3], stride: 32 },
  resnet50: { place: 'resnet', blocks: [3, 4, 6, 3], stride: 32 },
  vgg16: { place: 'vgg', blocks: [2, 3, 3, 3], stride: 16 },
};

/** Whether the options are the released code's own, whose state dicts hold tensors that no forward pass reads. */
function isReference({ backbone, width, blocks }: BackboneOptions): boolean {
  return width === 1 && blocks.every((count, i) => count === BACKBONES[backbone].blocks[i]);
}

/** The backbone that the options name, at the reference's place in the state dict. */
export function createBackbone(root: ParameterScope, options: BackboneOptions): Backbone {
  const { backbone, width, blocks } = options;
  const scope = root.child(BACKBONES[backbone].place);
  switch (backbone) {
    case 'res2net50':
      return new Res2Net(scope, { width, blocks, classifier: isReference(options) });
    case 'resnet50':
      return new ResNet(scope, { width, blocks });
    case 'vgg16':
      return new Vgg(scope, { width, blocks, twins: isReference(options) });
  }
}
