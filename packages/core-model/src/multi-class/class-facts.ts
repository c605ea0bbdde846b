import type { SegmentationNetwork } from '../network/segmentation-network.js';

/** How logits become probabilities: classes exclude each other, or each stands by itself (released code). */
export type ClassActivation = 'softmax' | 'sigmoid';

/** Where the infection maps came from that a network was trained with. */
export type PriorOrigin =
  /** An Inf-Net's or Semi-Inf-Net's own maps; the hash is that of its file. */
  | { readonly kind: 'model'; readonly name: string; readonly sha256: string }
  /** Maps from a folder. */
  | { readonly kind: 'folder' }
  /** The masks themselves, as the released code trains. */
  | { readonly kind: 'true-masks' };

/** What has to be known of a multi-class network to use it, beside its architecture; stored with every model file. */
export interface ClassFacts {
  /** Names of the classes by their label, from 1; label 0 is the background. */
  readonly classes: readonly string[];
  readonly activation: ClassActivation;
  /** Null where the network takes no infection map, or it is not known whose it took. */
  readonly prior: PriorOrigin | null;
}

/** The classes of the paper, labels 1 and 2. */
export const INFECTION_CLASSES: readonly string[] = ['ground-glass', 'consolidation'];

const KEY = 'infnet.classes';

/** As metadata of a safetensors file. */
export function classMetadata(facts: ClassFacts): Record<string, string> {
  return { [KEY]: JSON.stringify(facts) };
}

/**
 * What a file's metadata says of its classes. A file that says nothing, such as the authors' checkpoints, holds what the
 * released code trains: three independent sigmoids.
 */
export function readClassFacts(
  network: Pick<SegmentationNetwork, 'classes'>,
  metadata: Readonly<Record<string, string>> = {},
): ClassFacts {
  const { classes, activation, prior = null } = parse(metadata[KEY]);
  return {
    classes: isNamed(classes, network.classes - 1) ? classes : namesFor(network.classes - 1),
    activation: activation === 'softmax' ? 'softmax' : 'sigmoid',
    prior,
  };
}

function parse(text = '{}'): Partial<ClassFacts> {
  return JSON.parse(text) as Partial<ClassFacts>;
}

function isNamed(names: unknown, count: number): names is readonly string[] {
  return Array.isArray(names) && names.length === count && names.every((name) => typeof name === 'string');
}

function namesFor(count: number): readonly string[] {
  if (count === INFECTION_CLASSES.length) return INFECTION_CLASSES;
  return Array.from({ length: count }, (_, i) => `class ${i + 1}`);
}
