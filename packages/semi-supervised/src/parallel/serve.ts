import { createModel, InfNetError, selectBackend, type ModelName, type StateDict } from '@infnet/core-model';
import * as tf from '@tensorflow/tfjs';
import { NonFiniteLossError } from '../errors.js';
import type { TrainableNetwork } from '../model.js';
import type { TrainingBatch } from '../objective/objective.js';
import {
  CONVOLUTIONS,
  type FromWorker,
  type ToWorker,
  type WorkerAnswer,
  type WorkerFailure,
  type WorkerStart,
} from './messages.js';
import { objectiveOf } from './objective-of.js';
import { CalledOffError, Rendezvous } from './rendezvous.js';
import { Team } from './team.js';
import { TeamTrainer } from './team-trainer.js';

/** The worker's end of the line. */
export interface ServingPort {
  post(message: FromWorker): void;
  listen(listener: (message: ToWorker) => void): void;
}

type WorkerTrainer = TeamTrainer<TrainableNetwork, TrainingBatch>;

/** A worker's life: makes the network that it is told of, and takes its part in step after step until it is ended. */
export function serve(port: ServingPort): void {
  let trainer: WorkerTrainer | undefined;
  let rendezvous: Rendezvous | undefined;
  const answer = async (message: ToWorker): Promise<WorkerAnswer> => {
    if (message.type === 'start') {
      rendezvous = new Rendezvous(message.memory);
      trainer = await begin(message);
      return { parameters: trainer.parameterCount };
    }
    return follow(trainer!, message);
  };
  const handle = async (message: ToWorker): Promise<void> => {
    try {
      port.post({ type: 'done', answer: await answer(message) });
    } catch (error) {
      rendezvous?.callOff();
      port.post({ type: 'failed', failure: failureOf(error), calledOff: error instanceof CalledOffError });
    }
  };
  let before: Promise<void> = Promise.resolve();
  port.listen((message) => {
    before = before.then(() => handle(message));
  });
}

async function begin(start: WorkerStart): Promise<WorkerTrainer> {
  const { own, workers, memory, network, weights, objective, recipe, convolutions } = start;
  tf.env().set(CONVOLUTIONS, convolutions);
  await selectBackend('wasm');
  const model = createModel(network.name as ModelName, network.options);
  model.loadStateDict(weights);
  return new TeamTrainer(model, objectiveOf(objective)!, recipe, new Team(memory, own, workers));
}

async function follow(
  trainer: WorkerTrainer,
  message: Exclude<ToWorker, { readonly type: 'start' }>,
): Promise<WorkerAnswer> {
  switch (message.type) {
    case 'restore': {
      trainer.restore(message.state);
      return {};
    }
    case 'step': {
      return { report: await step(trainer, message) };
    }
    case 'weights': {
      const read = (): Promise<StateDict> => trainer.model.stateDict();
      return { weights: await (message.averaged ? trainer.withAverage(read) : read()) };
    }
    case 'state': {
      return { state: await trainer.state() };
    }
  }
}

async function step(
  trainer: WorkerTrainer,
  { passes, learningRate }: Extract<ToWorker, { readonly type: 'step' }>,
): Promise<NonNullable<WorkerAnswer['report']>> {
  try {
    return { ...(await trainer.takePart(passes, learningRate)), finite: true };
  } catch (error) {
    // All workers see the same sum, and none has made the step: the run may end, the workers need not.
    if (error instanceof NonFiniteLossError) return { loss: error.loss, gradientNorm: NaN, finite: false };
    throw error;
  }
}

function failureOf(error: unknown): WorkerFailure {
  if (error instanceof InfNetError) return { code: error.code, message: error.message, hint: error.hint };
  const message = error instanceof Error ? error.message : String(error);
  return {
    code: 'worker-failed',
    message: `a worker failed: ${message}`,
    hint: 'Resume the run, with fewer workers where memory is short; if it happens again, train with one.',
  };
}
