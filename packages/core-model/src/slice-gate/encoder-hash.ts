import { sha256 } from '../weights/integrity.js';
import { floatValues, type StateDict } from '../weights/state-dict.js';

/**
 * SHA-256 of an encoder's weights, by which a slice gate knows the encoder that it was trained behind. ImageNet's head and
 * the counters of batch norm, which change no feature, do not count.
 */
export async function encoderHash(dict: StateDict): Promise<string> {
  const encoder = [...dict]
    .filter(([name]) => /^(?:resnet|vgg)\./.test(name) && !/^resnet\.fc\.|\.num_batches_tracked$/.test(name))
    .map(([name, tensor]) => ({ name: new TextEncoder().encode(name), values: floatValues(tensor) }));
  const length = encoder.reduce((sum, { name, values }) => sum + name.length + values.byteLength, 0);
  const bytes = new Uint8Array(length);
  let at = 0;
  for (const { name, values } of encoder) {
    bytes.set(name, at);
    bytes.set(new Uint8Array(values.buffer, values.byteOffset, values.byteLength), at + name.length);
    at += name.length + values.byteLength;
  }
  return sha256(bytes);
}
