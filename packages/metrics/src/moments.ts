/** Number, mean and sum of squared deviations from the mean of a group of pixel values. */
export interface Moments {
  readonly count: number;
  /** 0 for an empty group. */
  readonly mean: number;
  readonly squaredDeviations: number;
}

/** The moments of two groups taken together; exact where both are constant and equal. */
export function combineMoments(a: Moments, b: Moments): Moments {
  if (a.count === 0) return b;
  if (b.count === 0) return a;
  const count = a.count + b.count;
  const gap = b.mean - a.mean;
  return {
    count,
    mean: a.mean + (gap * b.count) / count,
    squaredDeviations: a.squaredDeviations + b.squaredDeviations + (gap * gap * a.count * b.count) / count,
  };
}

/** Mean over all pixels of the groups. */
export function combineAll(groups: readonly Moments[]): Moments {
  return groups.reduce(combineMoments);
}
