import { WeightsError } from '../errors.js';

/** SHA-256 of bytes in hexadecimal digits. */
export async function sha256(bytes: Uint8Array): Promise<string> {
  const digest = new Uint8Array(await subtle().digest('SHA-256', bytes as Uint8Array<ArrayBuffer>));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/**
 * Holds bytes against a hash as the web's subresource integrity writes it: `sha256-` and the digest in base64. Sixty-four
 * hexadecimal digits, as `sha256sum` prints them, are taken too.
 *
 * @throws {WeightsError} `integrity-mismatch`; `unsupported-source` for a hash of another kind, or in a page without a
 *   secure context, which cannot compute one
 */
export async function checkIntegrity(bytes: Uint8Array, integrity: string, source: string): Promise<void> {
  const expected = hexDigest(integrity);
  const found = await sha256(bytes);
  if (found === expected) return;
  throw new WeightsError(
    'integrity-mismatch',
    `${source} has SHA-256 ${found}, not ${expected}`,
    'The file is damaged or another one. Fetch it again, or give the hash of the file that you mean.',
  );
}

function hexDigest(integrity: string): string {
  const [, text = ''] = /^sha256-(.+)$/.exec(integrity) ?? [];
  if (/^[0-9a-f]{64}$/i.test(text)) return text.toLowerCase();
  try {
    const raw = atob(text);
    if (raw.length === 32) {
      return Array.from(raw, (character) => character.charCodeAt(0).toString(16).padStart(2, '0')).join('');
    }
  } catch {
    // not base64: told below
  }
  throw new WeightsError(
    'unsupported-source',
    `integrity is '${integrity}', no SHA-256`,
    "Give 'sha256-' and the digest, in base64 or hexadecimal digits.",
  );
}

function subtle(): typeof globalThis.crypto.subtle {
  const { crypto } = globalThis as { crypto?: { subtle?: typeof globalThis.crypto.subtle } };
  if (crypto?.subtle) return crypto.subtle;
  throw new WeightsError(
    'unsupported-source',
    'this page cannot compute hashes: it is no secure context',
    'Serve it from https or localhost, or load without integrity and cache.',
  );
}
