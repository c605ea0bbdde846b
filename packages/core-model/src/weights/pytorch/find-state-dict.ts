import { WeightsError } from '../../errors.js';
import { isKind, type PickleValue, type TensorRef } from './pickle-values.js';

/** Keys under which training scripts keep the weights beside epoch, optimiser and the like, in order of preference. */
const USUAL_KEYS = [
  'state_dict',
  'model_state_dict',
  'model_state',
  'model',
  'net',
  'network',
  'weights',
  'params',
] as const;

/** The tensors of a state dict, and the keys that lead to it. */
export interface FoundState {
  readonly tensors: ReadonlyMap<string, TensorRef>;
  /** Empty where the file is the state dict itself. */
  readonly path: readonly string[];
}

/**
 * The state dict in what a checkpoint holds: under a usual key, the whole, or the only dict of tensors in it.
 *
 * @throws {WeightsError} `no-weights`
 */
export function findStateDict(root: PickleValue): FoundState {
  const found = search(root, []);
  if (found) return found;
  throw new WeightsError(
    'no-weights',
    'PyTorch checkpoint: there is no state dict in it, no table of tensors by name',
    'Save the weights alone, in PyTorch: torch.save(model.state_dict(), path).',
  );
}

/** Looks two keys deep at most: a hostile pickle may hold itself. */
function search(value: PickleValue, path: readonly string[]): FoundState | undefined {
  if (!(value instanceof Map)) return undefined;
  if (path.length < 2) {
    for (const key of USUAL_KEYS) {
      const inner = search(value.get(key) ?? null, [...path, key]);
      if (inner) return inner;
    }
  }
  const tensors = tensorsOf(value);
  if (tensors.size > 0) return { tensors, path };
  const nested = [...value].filter(
    (entry): entry is [string, Map<PickleValue, PickleValue>] =>
      typeof entry[0] === 'string' && entry[1] instanceof Map && tensorsOf(entry[1]).size > 0,
  );
  const [only] = nested;
  return only && nested.length === 1 ? { tensors: tensorsOf(only[1]), path: [...path, only[0]] } : undefined;
}

function tensorsOf(dict: ReadonlyMap<PickleValue, PickleValue>): Map<string, TensorRef> {
  const tensors = new Map<string, TensorRef>();
  for (const [name, value] of dict) {
    if (typeof name === 'string' && isKind(value, 'tensor')) tensors.set(name, value);
  }
  return tensors;
}
