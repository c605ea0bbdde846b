import { sha256 } from './integrity.js';
import type { WeightsCache } from './weights-cache.js';

/** What is used of the Cache API; its types come with the DOM's, which this package does without. */
interface Caches {
  open(name: string): Promise<{
    match(address: string): Promise<Response | undefined>;
    put(address: string, response: Response): Promise<void>;
    delete(address: string): Promise<boolean>;
  }>;
}

const NAME = 'infnet-weights';
const HASH = 'x-infnet-sha256';

/** The Cache API, or undefined where there is none: outside browsers and secure contexts. */
export function browserCache(): WeightsCache | undefined {
  const { caches } = globalThis as { caches?: Caches };
  if (caches === undefined) return undefined;
  return {
    match: async (address) => {
      const cache = await caches.open(NAME);
      const response = await cache.match(address);
      if (response === undefined) return undefined;
      const bytes = new Uint8Array(await response.arrayBuffer());
      if ((await sha256(bytes)) === response.headers.get(HASH)) return bytes;
      await cache.delete(address);
      return undefined;
    },
    put: async (address, bytes) => {
      const cache = await caches.open(NAME);
      const headers = { [HASH]: await sha256(bytes), 'content-type': 'application/octet-stream' };
      await cache.put(address, new Response(bytes as Uint8Array<ArrayBuffer>, { headers }));
    },
  };
}
