/** A new unique identifier, from a random UUID (PS3.5, B.2). */
export function createUid(): string {
  return `2.25.${BigInt(`0x${globalThis.crypto.randomUUID().replaceAll('-', '')}`)}`;
}
