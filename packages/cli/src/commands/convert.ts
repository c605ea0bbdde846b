import { stat } from 'node:fs/promises';
import type { ConvertImageOptions } from '../convert/convert-image.js';
import type { ConvertModelOptions } from '../convert/convert-model.js';
import type { CommandContext, Outcome } from '../context.js';
import { CliError } from '../errors.js';
import { ensureWritableFiles } from '../outputs/writable.js';

/** Options of `infnet convert`. */
export interface ConvertOptions extends ConvertModelOptions, ConvertImageOptions {
  readonly overwrite?: boolean;
}

/** Endings of model files. */
const MODEL = /\.(?:safetensors|pth|pt|json|onnx)$/i;
/** Endings of images that are written; a name without any is a folder of slices. */
const IMAGE = /(?:\.(?:nii|nii\.gz|nrrd|mha|png)|(?:^|[/\\])[^./\\]+[/\\]?)$/i;

/** Converts a model or an image; the ending of the output says into what. */
export async function convert(
  input: string,
  output: string,
  options: ConvertOptions,
  context: CommandContext,
): Promise<Outcome> {
  if (!MODEL.test(output) && !IMAGE.test(output)) {
    throw new CliError(
      'unknown-ending',
      `cannot tell from ${output} what to convert into`,
      'give the output an ending: .safetensors, .pth, .onnx or .json for a model; .nii, .nii.gz, .nrrd, .mha or .png ' +
        'for an image; or none, for a folder of slices',
    );
  }
  if (options.overwrite !== true && (await stat(output).catch(() => undefined))) {
    throw new CliError(
      'output-exists',
      `${output} is there already`,
      'name another file, or pass --overwrite',
    );
  }
  if (MODEL.test(output)) {
    await ensureWritableFiles([output]);
    const { convertModel } = await import('../convert/convert-model.js');
    return convertModel(input, output, options, context);
  }
  const { convertImage } = await import('../convert/convert-image.js');
  return convertImage(input, output, options, context);
}
