import * as tf from '@tensorflow/tfjs';
import * as ort from 'onnxruntime-web';

/** What a model puts out: [B,C,H,W]. */
export interface OnnxOutput {
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

/** Runs an ONNX model in onnxruntime-web, WebAssembly, one thread. @param images [B,H,W,C] */
export async function runOnnx(bytes: Uint8Array, images: tf.Tensor4D): Promise<Record<string, OnnxOutput>> {
  ort.env.wasm.numThreads = 1;
  const session = await ort.InferenceSession.create(bytes);
  const channelsFirst = tf.transpose(images, [0, 3, 1, 2]);
  try {
    const data = (await channelsFirst.data()) as Float32Array;
    const outputs = await session.run({ images: new ort.Tensor('float32', data, channelsFirst.shape) });
    return Object.fromEntries(
      Object.entries(outputs).map(([name, { dims, data: values }]) => [
        name,
        { shape: dims, data: values as Float32Array },
      ]),
    );
  } finally {
    channelsFirst.dispose();
    await session.release();
  }
}
