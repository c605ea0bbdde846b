import { WeightsError } from '../errors.js';
import type { StateDict } from '../weights/state-dict.js';

/** Key of the architecture in a safetensors file's metadata: JSON text, its name among the options. */
const ARCHITECTURE = 'infnet.architecture';
/** What files say that were written before there was a second architecture: nothing. */
const FIRST = 'inf-net';

/** Architecture and options as metadata of a safetensors file. */
export function metadataOf(name: string, options: object): Record<string, string> {
  return { [ARCHITECTURE]: JSON.stringify({ name, ...options }) };
}

/** What a file is compared with. */
interface Known {
  readonly name: string;
  resolveOptions(options: object): object;
  inferOptions?(dict: StateDict): object | undefined;
}

/** An architecture of the ones that a file may be of, and the options that its weights were made with. */
export interface Recognised<A> {
  readonly architecture: A;
  readonly options: object;
}

/**
 * The architecture that a file's weights belong to: from its metadata, else from names and shapes.
 * @throws {WeightsError} where the file holds none of the `known` networks.
 */
export function recognise<A extends Known>(
  known: readonly A[],
  dict: StateDict,
  metadata: Readonly<Record<string, string>>,
): Recognised<A> {
  const text = metadata[ARCHITECTURE];
  if (text !== undefined) return fromMetadata(known, text);
  for (const architecture of known) {
    const options = architecture.inferOptions?.(dict);
    if (options) return { architecture, options };
  }
  throw new WeightsError(
    'missing-key',
    `the file holds none of these networks, as far as its tensors' names tell: ${namesOf(known)}`,
    'give a safetensors file saved from one of them, or create the network and load the state dict into it',
  );
}

function fromMetadata<A extends Known>(known: readonly A[], text: string): Recognised<A> {
  try {
    const { name = FIRST, ...options } = JSON.parse(text) as { name?: string };
    const architecture = known.find((one) => one.name === name);
    if (!architecture) throw new TypeError(`the file's network is not one of: ${namesOf(known)}`);
    return { architecture, options: architecture.resolveOptions(options) };
  } catch (cause) {
    throw new WeightsError(
      'damaged-header',
      `metadata '${ARCHITECTURE}' is not a known architecture`,
      'load a file that this project wrote',
      { cause },
    );
  }
}

function namesOf(known: readonly { readonly name: string }[]): string {
  return known.map(({ name }) => name).join(', ');
}
