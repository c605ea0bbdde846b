/**
 * Node's own modules by name, or undefined in a browser. They are asked for at run time and never imported, so that a
 * bundler for browsers has nothing to stumble over.
 */
export function nodeBuiltins(): NodeJS.Process['getBuiltinModule'] | undefined {
  const { process } = globalThis as { process?: Partial<NodeJS.Process> };
  return process?.getBuiltinModule;
}
