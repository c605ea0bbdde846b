import { meanTeacher, type MeanTeacherOptions } from '../mean-teacher/mean-teacher.js';
import type { TrainableNetwork } from '../model.js';
import { classObjective, type ClassLoss } from '../multi-class/class-objective.js';
import { deepSupervision } from '../objective/deep-supervision.js';
import type { Objective, TrainingBatch } from '../objective/objective.js';
import type { SupervisionOptions } from '../objective/supervision.js';

type Description = Objective<TrainableNetwork, TrainingBatch>['description'];

/**
 * Objectives that a worker can make anew from their description: functions do not travel between threads. What they give is a
 * mean over a batch's items, so that those of its parts add up to it.
 */
const OBJECTIVES: Readonly<Record<string, (options: object) => object>> = {
  'deep-supervision': (options: SupervisionOptions) => deepSupervision(options),
  'mean-teacher': (options: MeanTeacherOptions) => meanTeacher(options),
  'multi-class': (options) => classObjective((options as { readonly loss: ClassLoss }).loss),
};

/** Their names. */
export const SHARED_OBJECTIVES: readonly string[] = Object.keys(OBJECTIVES);

/** The objective that is so described; undefined where it is none of {@link SHARED_OBJECTIVES}. */
export function objectiveOf({
  name,
  ...options
}: Description): Objective<TrainableNetwork, TrainingBatch> | undefined {
  const make = Object.hasOwn(OBJECTIVES, String(name)) ? OBJECTIVES[String(name)] : undefined;
  return make?.(options) as Objective<TrainableNetwork, TrainingBatch> | undefined;
}
