import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { TrainingError } from '../errors.js';
import type { RunEndEvent, TrainingEvent, WarningEvent } from '../events.js';
import type { PropagationEndEvent, PropagationEvent, RoundEvent } from '../pseudo/events.js';
import type { LabellingConfig, LabellingEvent } from '../pseudo/labelling-folder.js';
import type { PropagationConfig } from '../pseudo/propagation-folder.js';
import { Curve, type CurvePoint } from './curve.js';
import type { RunConfig } from './run-config.js';
import { readLines, readRunJson } from './run-files.js';

/** A training as its run folder tells it, finished or not. */
export interface TrainingRecord {
  readonly kind: 'training';
  readonly config: RunConfig;
  readonly curve: readonly CurvePoint[];
  readonly events: TrainingFacts;
  /** Pictures through the training, in order of epochs; empty where none were kept. */
  readonly strips: readonly Strip[];
}

/** Random propagation as its folder tells it, finished or not. */
export interface PropagationRecord {
  readonly kind: 'propagation';
  readonly config: PropagationConfig;
  readonly rounds: readonly RoundEvent[];
  readonly events: Pick<TrainingFacts, 'end' | 'seconds' | 'warnings'>;
}

/** Slices labelled once as their folder tells it, finished or not. */
export interface LabellingRecord {
  readonly kind: 'labelling';
  readonly config: LabellingConfig;
  /** Slices that have their label. */
  readonly labelled: number;
  readonly events: Pick<TrainingFacts, 'end' | 'seconds' | 'warnings'>;
}

/** What a run folder holds. */
export type RunRecord = TrainingRecord | PropagationRecord | LabellingRecord;

/** What a log tells beside the curve. */
export interface TrainingFacts {
  /** How it ended; null while it runs, or where it was killed. */
  readonly end: RunEndEvent['reason'] | null;
  /** Time of all its parts together, as far as the log tells. */
  readonly seconds: number;
  readonly parameters: number;
  /** Optimiser steps made, and to be made. */
  readonly step: number;
  readonly totalSteps: number;
  /** How often each warning was given. */
  readonly warnings: Readonly<Record<string, number>>;
}

/** A strip of small slices: what is given, or what was predicted after an epoch. */
export interface Strip {
  /** 0 for the slices, -1 for the masks. */
  readonly epoch: number;
  readonly path: string;
}

/**
 * Reads the run folder of a training or of pseudo labels, while it is written to or afterwards. Nothing in it is changed.
 *
 * @returns undefined for a folder that holds no run of its own
 * @throws TrainingError `damaged-checkpoint` where its `config.json` cannot be read
 */
export async function readRun(path: string): Promise<RunRecord | undefined> {
  const file = join(path, 'config.json');
  if (!(await stat(file).catch(() => undefined))) return undefined;
  const { format } = await formatOf(file);
  if (format === 'infnet-propagation') return readPropagation(path, file);
  if (format === 'infnet-labelling') return readLabelling(path, file);
  return readTraining(path, file);
}

async function readTraining(path: string, file: string): Promise<TrainingRecord> {
  const config = await readRunJson<RunConfig>(file, 'infnet-run');
  const events = (await readLines(join(path, 'log.jsonl'))) as TrainingEvent[];
  const curve = new Curve();
  for (const event of events) curve.add(event);
  return {
    kind: 'training',
    config,
    curve: curve.points,
    events: factsOf(events),
    strips: await listStrips(join(path, 'samples')),
  };
}

async function readPropagation(path: string, file: string): Promise<PropagationRecord> {
  const config = await readRunJson<PropagationConfig>(file, 'infnet-propagation');
  const events = (await readLines(join(path, 'log.jsonl'))) as PropagationEvent[];
  const rounds = events.filter((event): event is RoundEvent => event.type === 'round');
  const ends = events.filter((event): event is PropagationEndEvent => event.type === 'propagation-end');
  const warnings = countCodes(events.filter((event) => event.type === 'warning'));
  const seconds = rounds.reduce((sum, round) => sum + round.seconds, 0);
  const end = events.at(-1)?.type === 'propagation-end' ? (ends.at(-1)?.reason ?? null) : null;
  return { kind: 'propagation', config, rounds, events: { end, seconds, warnings } };
}

async function readLabelling(path: string, file: string): Promise<LabellingRecord> {
  const config = await readRunJson<LabellingConfig>(file, 'infnet-labelling');
  const events = (await readLines(join(path, 'log.jsonl'))) as LabellingEvent[];
  const ends = events.filter((event) => event.type === 'labelling-end');
  const images = await readdir(join(path, 'labels', 'Imgs')).catch(() => []);
  return {
    kind: 'labelling',
    config,
    labelled: images.filter((name) => !name.endsWith('.tmp')).length,
    events: {
      end: events.at(-1)?.type === 'labelling-end' ? (ends.at(-1)?.reason ?? null) : null,
      seconds: ends.reduce((sum, { seconds }) => sum + seconds, 0),
      warnings: countCodes(events.filter((event) => event.type === 'warning')),
    },
  };
}

function factsOf(events: readonly TrainingEvent[]): TrainingFacts {
  const last = events.at(-1);
  let [seconds, part, parameters, totalSteps, step] = [0, 0, NaN, NaN, 0];
  for (const event of events) {
    if (event.type === 'run-start') {
      // A new process counts its seconds from 0 again.
      seconds += part;
      part = 0;
      ({ parameters, totalSteps } = event);
    }
    if (event.type === 'epoch' || event.type === 'run-end') part = event.seconds;
    if (event.type === 'step') ({ step } = event);
  }
  return {
    end: last?.type === 'run-end' ? last.reason : null,
    seconds: seconds + part,
    parameters,
    step,
    totalSteps,
    warnings: countCodes(events.filter((event): event is WarningEvent => event.type === 'warning')),
  };
}

function countCodes(warnings: readonly { readonly code: string }[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { code } of warnings) counts[code] = (counts[code] ?? 0) + 1;
  return counts;
}

const GIVEN: Readonly<Record<string, number>> = { 'masks.png': -1, 'slices.png': 0 };

async function listStrips(place: string): Promise<Strip[]> {
  const names = await readdir(place).catch(() => []);
  const strips = names.flatMap((name) => {
    const number = /^epoch-(\d+)\.png$/.exec(name)?.[1];
    const epoch = number === undefined ? GIVEN[name] : Number(number);
    return epoch === undefined ? [] : [{ epoch, path: join(place, name) }];
  });
  return strips.toSorted((a, b) => a.epoch - b.epoch);
}

async function formatOf(file: string): Promise<{ readonly format?: string }> {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as { format?: string };
  } catch (cause) {
    throw new TrainingError(
      'damaged-checkpoint',
      `${file} cannot be read: ${cause instanceof Error ? cause.message : String(cause)}`,
      'Name the folder of a run; one whose configuration is damaged tells nothing.',
      { cause },
    );
  }
}
