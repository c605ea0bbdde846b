/**
 * Networks, their weights, and the backends that compute them; the script of a pool's workers is the sub-path `/worker`.
 *
 * @module
 * @mergeModuleWith <project>
 */
export type { BackendName, BackendOptions, WasmPaths } from './backend/backend.js';
export { checkRun } from './backend/check-run.js';
export type { RunNeed, RunSize } from './backend/check-run.js';
export { diagnostics } from './backend/diagnostics.js';
export type { BackendDiagnosis, Diagnostics, DiagnosticsOptions } from './backend/diagnostics.js';
export { backendLimits } from './backend/limits.js';
export type { BackendLimits } from './backend/limits.js';
export { selectBackend } from './backend/select-backend.js';
export type { SelectedBackend, SkippedBackend } from './backend/select-backend.js';
export {
  BackendError,
  BackendLimitError,
  InfNetError,
  OptionError,
  ShapeError,
  WeightsError,
} from './errors.js';
export type { BackendErrorCode, ShapeErrorCode, WeightsErrorCode } from './errors.js';
export type { BackboneName } from './backbones/create-backbone.js';
export type { DeepLabV3PlusOptions } from './baselines/deeplab-v3-plus.js';
export type { DenseUNetOptions } from './baselines/dense-unet.js';
export { ABLATIONS } from './inf-net/ablation.js';
export type { Ablation } from './inf-net/ablation.js';
export { InfNet } from './inf-net/inf-net.js';
export type { CreateOptions } from './inf-net/inf-net.js';
export type { InfNetOutputs } from './inf-net/wiring.js';
export { normaliseSlices } from './inf-net/normalise-slices.js';
export type { InfNetOptions } from './inf-net/options.js';
export { classMetadata, INFECTION_CLASSES, readClassFacts } from './multi-class/class-facts.js';
export type { ClassActivation, ClassFacts, PriorOrigin } from './multi-class/class-facts.js';
export { guidedImages } from './multi-class/guided-images.js';
export { channelOf, mostProbable, predictClasses } from './multi-class/predict-classes.js';
export type { ClassMaps, GuidedSlice } from './multi-class/predict-classes.js';
export { modelCost } from './graph/model-cost.js';
export type { ImageSize, ModelCost } from './graph/model-cost.js';
export {
  createModel,
  loadModel,
  MODEL_NAMES,
  modelFromState,
  recogniseModel,
} from './network/create-model.js';
export type { ModelName, ModelOf, ModelOptions, RecognisedModel } from './network/create-model.js';
export type { SliceNetworkOptions, SliceNetworkOutputs } from './network/slice-options.js';
export type { PretrainedOptions } from './network/pretrained.js';
export { Network } from './network/network.js';
export type {
  ForwardOptions,
  NetworkOutputs,
  NetworkTraits,
  SegmentationNetwork,
} from './network/segmentation-network.js';
export type { LoadOptions } from './network/state.js';
export { recogniseGate, SliceGate, type SliceGateCreateOptions } from './slice-gate/slice-gate.js';
export type { SliceGateOptions, SliceGateOutputs } from './slice-gate/architecture.js';
export * from './ops/index.js';
export { createSlicePool, type SlicePoolOptions } from './pool/create-slice-pool.js';
export { PoolError, type PoolErrorCode } from './pool/pool-error.js';
export type { PoolModel, WorkerBackend } from './pool/messages.js';
export {
  startSlicePool,
  type StartedSlicePool,
  type StartSlicePoolOptions,
} from './pool/start-slice-pool.js';
export type { PoolMap, PoolSlice, PredictOptions, SlicePool } from './pool/slice-pool.js';
export type { PoolWorker } from './pool/worker-thread.js';
export { exportOnnx, type ExportableNetwork, type OnnxOptions } from './onnx/export-onnx.js';
export { readBytes, writeBytes } from './weights/files.js';
export type { FileWriteOptions, ReadOptions, ReadProgress } from './weights/files.js';
export {
  readPytorchCheckpoint,
  readPytorchCheckpointFile,
  type PytorchCheckpoint,
} from './weights/pytorch/read-checkpoint.js';
export { writePytorchCheckpoint } from './weights/pytorch/write-checkpoint.js';
export { loadWeights, type LoadWeightsOptions, type WeightsSource } from './weights/load-weights.js';
export { readWeights, type WeightsFile } from './weights/read-weights.js';
export { readSafetensors, readSafetensorsFile, writeSafetensors } from './weights/safetensors.js';
export type { SafetensorsFile } from './weights/safetensors.js';
export type { FloatStateTensor, IntegerStateTensor, StateDict, StateTensor } from './weights/state-dict.js';
export type { WriteOptions } from './weights/stored-values.js';
export { saveWeights, type SaveOptions, type WeightsTarget } from './weights/save-weights.js';
export { unwrapNames } from './weights/unwrap-names.js';
export { defaultWeightsCache, weightsCacheFolder, type WeightsCache } from './weights/weights-cache.js';
