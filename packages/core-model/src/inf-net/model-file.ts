import { WeightsError } from '../errors.js';
import type { StateDict } from '../weights/state-dict.js';
import { type InfNetOptions, REFERENCE_OPTIONS, resolveOptions } from './options.js';

/** Key of the architecture in a safetensors file's metadata: JSON text. */
const ARCHITECTURE = 'infnet.architecture';

/** The options as metadata of a safetensors file. */
export function metadataOf(options: InfNetOptions): Record<string, string> {
  return { [ARCHITECTURE]: JSON.stringify(options) };
}

/**
 * The architecture that a file's weights belong to: from its metadata, else from names and shapes.
 * @throws {WeightsError} where there is no Inf-Net in the file.
 */
export function optionsOf(dict: StateDict, metadata: Readonly<Record<string, string>>): InfNetOptions {
  const text = metadata[ARCHITECTURE];
  if (text === undefined) return inferOptions(dict);
  try {
    return resolveOptions(JSON.parse(text) as Partial<InfNetOptions>);
  } catch (cause) {
    throw new WeightsError(
      'damaged-header',
      `metadata '${ARCHITECTURE}' is not a known architecture`,
      'load a file that this project wrote',
      {
        cause,
      },
    );
  }
}

function inferOptions(dict: StateDict): InfNetOptions {
  const stem = dict.get('resnet.conv1.0.weight')?.shape[0];
  const channels = dict.get('rfb2_1.branch0.0.conv.weight')?.shape[0];
  if (stem === undefined || channels === undefined) {
    throw new WeightsError(
      'missing-key',
      'the file holds no Res2Net50 Inf-Net (resnet.conv1.0.weight or rfb2_1.branch0.0.conv.weight is missing)',
      'give a safetensors file saved from an Inf-Net',
    );
  }
  const blocks = [1, 2, 3, 4].map((layer) => {
    let count = 0;
    while (dict.has(`resnet.layer${layer}.${count}.conv1.weight`)) count++;
    return count;
  }) as [number, number, number, number];
  return resolveOptions({ ...REFERENCE_OPTIONS, channels, width: stem / 32, blocks });
}
