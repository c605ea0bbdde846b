import type { StateDict } from '@infnet/core-model';

/** The tensors of the backbone: what every network of Table IV has. A file of a backbone alone is taken whole. */
export function backboneOf(dict: StateDict): StateDict {
  const own = [...dict].filter(([name]) => /^(?:module\.)?(?:resnet|vgg)\./.test(name));
  return own.length > 0 ? new Map(own) : dict;
}
