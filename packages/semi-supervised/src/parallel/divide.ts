/** One pass through the network of an optimiser step, as one of the workers sees it. */
export interface StepPass<Batch> {
  /** Its items; null where none are left for this worker. */
  readonly items: Batch | null;
  /** Share of the step's items that are in this pass, with whomever. */
  readonly share: number;
  /** Share of the pass's items that are with this worker. */
  readonly held: number;
  /** Workers that have items of it, the first ones. */
  readonly parts: number;
  /** Items of the worker with most of them. */
  readonly largestPart: number;
}

/** How the items of a step are to be divided. */
export interface Division<Batch> {
  readonly workers: number;
  /** Items in one pass, all workers together. */
  readonly microBatchSize: number;
  /** The items from `begin` up to, not including, `end`. */
  readonly part: (batch: Batch, begin: number, end: number) => Batch;
}

/**
 * The passes of a step, for each worker: runs of items as equal as can be, the first workers having one more where they do
 * not come out even.
 */
export function divideStep<Batch extends { readonly ids: readonly string[] }>(
  batch: Batch,
  { workers, microBatchSize, part }: Division<Batch>,
): StepPass<Batch>[][] {
  const count = batch.ids.length;
  const begins = Array.from({ length: Math.ceil(count / microBatchSize) }, (_, i) => i * microBatchSize);
  return Array.from({ length: workers }, (_, worker) =>
    begins.map((begin) => {
      const length = Math.min(microBatchSize, count - begin);
      const first = before(worker, length, workers);
      const held = before(worker + 1, length, workers) - first;
      return {
        items: held > 0 ? part(batch, begin + first, begin + first + held) : null,
        share: length / count,
        held: held / length,
        parts: Math.min(workers, length),
        largestPart: Math.ceil(length / workers),
      };
    }),
  );
}

/** Items of those workers that come before this one. */
function before(worker: number, items: number, workers: number): number {
  return worker * Math.floor(items / workers) + Math.min(worker, items % workers);
}
