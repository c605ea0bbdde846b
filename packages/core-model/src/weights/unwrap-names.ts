import type { StateDict } from './state-dict.js';

/** What PyTorch puts before every name of a network that it wraps: for several GPUs, and for its compiler. */
const WRAPPERS = ['module.', '_orig_mod.'] as const;

/**
 * A state dict without the prefix (`module.`, `_orig_mod.`) that all of its names bear when the network was saved from
 * inside a wrapper. The tensors are shared; a dict without such a prefix is handed back as it is.
 */
export function unwrapNames(dict: StateDict): StateDict {
  const names = [...dict.keys()];
  const wrapper = WRAPPERS.find(
    (prefix) => names.length > 0 && names.every((name) => name.startsWith(prefix)),
  );
  if (wrapper === undefined) return dict;
  return unwrapNames(new Map([...dict].map(([name, tensor]) => [name.slice(wrapper.length), tensor])));
}
