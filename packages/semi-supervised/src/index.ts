/**
 * Training of networks, supervised and not; the script of the threads that train together is the sub-path `/worker`.
 *
 * @module
 * @mergeModuleWith <project>
 */
export { AUGMENTATIONS, drawVariation } from './augment/draw.js';
export type { AugmentationRanges, AugmentMode, Variation } from './augment/draw.js';
export { morphologicalGradient } from './augment/morphological-gradient.js';
export { varySlice } from './augment/vary.js';
export type { VariedSlice } from './augment/vary.js';
export type { AverageState } from './average.js';
export type { RunProgress } from './checkpoint/training-state.js';
export { resizeAlignCorners, scaledSize } from './data/align-corners.js';
export type { CurvePoint } from './checkpoint/curve.js';
export { readRun } from './checkpoint/read-run.js';
export type {
  LabellingRecord,
  PropagationRecord,
  RunRecord,
  Strip,
  TrainingFacts,
  TrainingRecord,
} from './checkpoint/read-run.js';
export type { RunConfig } from './checkpoint/run-config.js';
export { composeBatch } from './data/batch.js';
export type { Batch } from './data/batch.js';
export { listFolder, readFolderDataset } from './data/folder-dataset.js';
export type { FolderListing, SlicePaths } from './data/folder-dataset.js';
export type { DataSource, PreparedData, TrainingData, ValidationShare } from './data/gather-data.js';
export { prepareDataset } from './data/memory-dataset.js';
export type { Dataset } from './data/memory-dataset.js';
export { prepareSample } from './data/sample.js';
export type { GreyImage, MaskValues, PreparedSample, Sample, SliceIO } from './data/sample.js';
export { splitValidation } from './data/split.js';
export type { Split } from './data/split.js';
export { DatasetError, NonFiniteLossError, SampleError, TrainingError } from './errors.js';
export type { TrainingErrorCode } from './errors.js';
export type * from './events.js';
export type { GateScores } from './gate/gate-scores.js';
export type { SliceEncoder } from './gate/gate-slice.js';
export type { TrainableGate } from './gate/gate-task.js';
export { GATE_RECIPE, trainSliceGate } from './gate/train-slice-gate.js';
export type { SliceGateResult, SliceGateTrainingOptions } from './gate/train-slice-gate.js';
export { infectionTask } from './infection-task.js';
export type { InfectionTask } from './infection-task.js';
export { meanTeacher } from './mean-teacher/mean-teacher.js';
export type { MeanTeacherOptions } from './mean-teacher/mean-teacher.js';
export { meanTeacherRecipe, trainMeanTeacher } from './mean-teacher/train-mean-teacher.js';
export type { MeanTeacherRunOptions } from './mean-teacher/train-mean-teacher.js';
export type { TwoViewBatch } from './mean-teacher/views.js';
export type { PassOptions, SideOutputs, TrainableModel, TrainableNetwork } from './model.js';
export { deepSupervision } from './objective/deep-supervision.js';
export { rampUp, rampLength } from './objective/ramp-up.js';
export { supervisionOf } from './objective/supervision.js';
export type { SupervisionOptions } from './objective/supervision.js';
export type { Moment, Objective, TrainingBatch } from './objective/objective.js';
export { activationOf, classTask } from './multi-class/class-task.js';
export type { ClassTask } from './multi-class/class-task.js';
export { classLoss, classObjective } from './multi-class/class-objective.js';
export type { ClassLoss, ClassNetwork } from './multi-class/class-objective.js';
export { CLASS_PRESETS, resolveClassRecipe } from './multi-class/class-presets.js';
export type { ClassPreset } from './multi-class/class-presets.js';
export { composeClassBatch } from './multi-class/batch.js';
export type { ClassBatch } from './multi-class/batch.js';
export { decodeLabels } from './multi-class/decode-labels.js';
export { gatherClassData } from './multi-class/gather.js';
export type { ClassDataSource, ClassGatherOptions } from './multi-class/gather.js';
export { infectionPredictor } from './multi-class/prior.js';
export type { ClassPrior, InfectionPredictor } from './multi-class/prior.js';
export { prepareClassSample } from './multi-class/sample.js';
export type { ClassSample, ClassSliceIO, PreparedClassSample } from './multi-class/sample.js';
export { trainMultiClass } from './multi-class/train-multi-class.js';
export type { MultiClassOptions } from './multi-class/train-multi-class.js';
export { validateClasses } from './multi-class/validate-classes.js';
export type { ClassScores, MultiClassScores } from './multi-class/validate-classes.js';
export { Adam } from './optim/adam.js';
export { FlatGroups } from './optim/flat-groups.js';
export type { Optimiser, OptimiserState } from './optim/optimiser.js';
export { learningRateAt } from './optim/schedule.js';
export type { Position } from './optim/schedule.js';
export { Sgd } from './optim/sgd.js';
export { PRESETS, PRETRAINED_LEARNING_RATE, resolveRecipe } from './presets.js';
export type { NetworkSize, Preset, PresetName } from './presets.js';
export type * from './pseudo/events.js';
export { generatePseudoLabels } from './pseudo/generate-pseudo-labels.js';
export type { PseudoLabelOptions, PseudoLabelResult } from './pseudo/generate-pseudo-labels.js';
export { labelOnce } from './pseudo/label-once.js';
export type { LabelOnceOptions, LabelOnceResult } from './pseudo/label-once.js';
export type { LabellingConfig, LabellingEvent } from './pseudo/labelling-folder.js';
export { planGroups } from './pseudo/groups.js';
export type { GroupOptions } from './pseudo/groups.js';
export type { PropagationConfig } from './pseudo/propagation-folder.js';
export type { PseudoLabelIO } from './pseudo/label-folder.js';
export { propagationRecipe } from './pseudo/propagation-recipe.js';
export { pseudoLabel } from './pseudo/pseudo-label.js';
export type { PseudoLabel, PseudoLabelStyle } from './pseudo/pseudo-label.js';
export { Random, shuffled } from './random.js';
export type { RandomState } from './random.js';
export type { NetworkRecipe, Recipe, ScheduleName } from './recipe.js';
export type { AnyStage, SemiSupervisedEvent, TrainingStage } from './semi/events.js';
export type { SemiMethod } from './semi/method-folder.js';
export { oneShotRecipes, semiSupervisedRecipes } from './semi/stage-recipes.js';
export type { OneShotRecipes, OneShotStage, Stage, StageRecipes } from './semi/stage-recipes.js';
export type { DisposableModel, StagedOptions } from './semi/staged-training.js';
export { trainOneShot } from './semi/train-one-shot.js';
export type { OneShotOptions, OneShotResult } from './semi/train-one-shot.js';
export { trainSemiSupervised } from './semi/train-semi-supervised.js';
export type { SemiSupervisedOptions, SemiSupervisedResult } from './semi/train-semi-supervised.js';
export type { BatchPlace, LabelledSlice, Task, TaskPictures } from './task.js';
export { Trainer } from './trainer.js';
export type { StepReport, TrainerState } from './trainer.js';
export { trainNetwork } from './train-network.js';
export type { NetworkTrainingOptions, RunOptions, SupervisedResult } from './train-network.js';
export { trainSupervised } from './train-supervised.js';
export type { SupervisedOptions } from './train-supervised.js';
export { validate } from './validation.js';
export type { ValidationScores } from './validation.js';
export { VERSION } from './version.js';
export type { WorkerOptions } from './worker-options.js';
