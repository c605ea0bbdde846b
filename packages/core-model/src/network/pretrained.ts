import { selectBackend } from '../backend/select-backend.js';
import { loadWeights, type LoadWeightsOptions, type WeightsSource } from '../weights/load-weights.js';
import type { WeightsFile } from '../weights/read-weights.js';

/** How a network is loaded. */
export interface PretrainedOptions extends LoadWeightsOptions {
  /** Backend to switch to first, as {@link selectBackend} takes it. Default: the one in use. */
  readonly backend?: string | readonly string[];
}

/** Weights from anywhere, once the wanted backend runs. @throws {BackendError} {WeightsError} */
export async function loadPretrained(
  source: WeightsSource,
  { backend, ...options }: PretrainedOptions,
): Promise<WeightsFile> {
  if (backend !== undefined) await selectBackend(backend);
  return loadWeights(source, options);
}
