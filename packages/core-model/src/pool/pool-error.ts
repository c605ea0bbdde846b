import { InfNetError } from '../errors.js';

/** What went wrong in a pool. */
export type PoolErrorCode =
  'worker-died' | 'worker-not-started' | 'queue-full' | 'pool-disposed' | 'unsupported-network';

/** A pool that cannot do what it was asked. */
export class PoolError extends InfNetError<PoolErrorCode> {
  override readonly name: string = 'PoolError';
}
