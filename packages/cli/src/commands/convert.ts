import { stat } from 'node:fs/promises';
import type { CommandContext, Outcome } from '../context.js';
import { CliError } from '../errors.js';
import { ensureWritableFiles } from '../outputs/writable.js';
import type { ConvertModelOptions } from '../convert/convert-model.js';

/** Options of `infnet convert`. */
export interface ConvertOptions extends ConvertModelOptions {
  readonly overwrite?: boolean;
}

/** Endings of model files. */
const MODEL = /\.(?:safetensors|pth|pt|json|onnx)$/i;

/** Converts a file; the ending of the output says into what. */
export async function convert(
  input: string,
  output: string,
  options: ConvertOptions,
  context: CommandContext,
): Promise<Outcome> {
  if (!MODEL.test(output)) {
    throw new CliError(
      'unknown-ending',
      `cannot tell from ${output} what to convert into`,
      'give the output an ending: .safetensors, .pth, .onnx or .json for a model',
    );
  }
  await ensureWritableFiles([output]);
  if (options.overwrite !== true && (await stat(output).catch(() => undefined))) {
    throw new CliError(
      'output-exists',
      `${output} is there already`,
      'name another file, or pass --overwrite',
    );
  }
  const { convertModel } = await import('../convert/convert-model.js');
  return convertModel(input, output, options, context);
}
