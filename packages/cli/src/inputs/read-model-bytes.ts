import { CliError, describeFailure } from '../errors.js';
import { readFileBytes } from './read-file-bytes.js';

/**
 * The bytes of a model file.
 *
 * @throws CliError `model-not-readable`
 */
export async function readModelBytes(path: string): Promise<Uint8Array> {
  try {
    return await readFileBytes(path);
  } catch (cause) {
    throw new CliError(
      'model-not-readable',
      `cannot read the model: ${describeFailure(cause).message}`,
      'name a .safetensors or .pth file, such as model.safetensors of a run folder, or leave --model out to use the demo model',
      { cause },
    );
  }
}
