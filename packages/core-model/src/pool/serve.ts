import { selectBackend } from '../backend/select-backend.js';
import { lostDevice } from '../backend/webgpu-backend.js';
import { InfNetError } from '../errors.js';
import { type ModelName, modelFromState } from '../network/create-model.js';
import type { SegmentationNetwork } from '../network/segmentation-network.js';
import { SliceGate } from '../slice-gate/slice-gate.js';
import { readWeights } from '../weights/read-weights.js';
import { checkChannels } from './check-channels.js';
import { holdLifeLine } from './life-line.js';
import type { Failure, FromWorker, PoolModel, ToWorker } from './messages.js';
import { type Predictor, predictor } from './predictor.js';

/** The worker's end of the line. */
export interface ServingPort {
  post(message: FromWorker, transfer: readonly ArrayBuffer[]): void;
  listen(listener: (message: ToWorker) => void): void;
}

/** A worker's life: loads the network it is given, and predicts slice after slice until it is ended. */
export function serve(port: ServingPort): void {
  let predict: Predictor | undefined;
  const handle = async (message: Exclude<ToWorker, { readonly type: 'life-line' }>): Promise<void> => {
    if (message.type === 'start') {
      const { weights, gate, backend, wasmPaths } = message;
      const { name, device, tried } = await selectBackend(
        backend,
        wasmPaths === undefined ? {} : { wasmPaths },
      );
      const { dict, metadata } = readWeights(Uint8Array.from(weights)); // a copy of its own: decoders refuse shared memory
      using trainable = modelFromState(dict, metadata);
      checkChannels(trainable);
      const fusedGate = gate === undefined ? undefined : await fusedGateOf(Uint8Array.from(gate));
      predict = predictor(trainable.fuse(), fusedGate);
      const model = aboutModel(trainable, metadata);
      port.post({ type: 'ready', backend: { name, device, tried }, model }, []);
    } else {
      const { probability, infected } = await predict!([message.slice]);
      const data = Float32Array.from(probability); // wasm's own memory stays
      port.post({ type: 'map', id: message.id, data, ...(infected && { infected: infected[0]! }) }, [
        data.buffer,
      ]);
    }
  };
  let before: Promise<void> = Promise.resolve();
  port.listen((message) => {
    if (message.type === 'life-line') {
      const { name } = message;
      holdLifeLine(name, () => port.post({ type: 'holds', name }, []));
      return;
    }
    before = before
      .then(() => handle(message))
      .catch(async (error: unknown) => {
        await new Promise((resolve) => void setTimeout(resolve, 0)); // a lost device is told of after what it broke
        const id = message.type === 'predict' ? { id: message.id } : {};
        port.post({ type: 'failure', ...id, failure: failureOf(lostDevice(error) ?? error) }, []);
      });
  });
}

async function fusedGateOf(bytes: Uint8Array): Promise<SliceGate> {
  using gate = await SliceGate.fromPretrained(bytes);
  return gate.fuse();
}

function aboutModel(
  { architecture, options, classes, parameterCount }: SegmentationNetwork,
  metadata: Readonly<Record<string, string>>,
): PoolModel {
  const size = Number(metadata['infnet.size']);
  return {
    name: architecture as ModelName,
    options,
    classes,
    parameters: parameterCount,
    ...(Number.isInteger(size) && size >= 32 && size % 32 === 0 ? { trainedSize: size } : {}),
  };
}

function failureOf(error: unknown): Failure {
  if (error instanceof InfNetError) return { code: error.code, message: error.message, hint: error.hint };
  const message = error instanceof Error ? error.message : String(error);
  return { code: 'worker-failed', message, hint: 'predict this slice without workers to see where it fails' };
}
