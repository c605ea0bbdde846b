import type { VolumeAbout } from '@infnet/io-medical';
import type { ModelFile } from './model.js';
import type { Problem } from './problem.js';
import type { CaseSeconds, SegmentedCase } from './run-case.js';

/** What the page knows of itself; grows as it is used. */
export interface KnownFacts {
  backend: string;
  model?: ModelFile;
  image?: VolumeAbout;
  pool?: SegmentedCase['pool'];
  size?: number;
  seconds?: CaseSeconds;
  problem?: Problem;
  /** What messages may name, and the block must not. */
  names: readonly string[];
}

/** One block to paste into a bug report. File names stay out, as they may name a patient. */
export function diagnosticsText(known: KnownFacts): string {
  const { model, image, pool, size, seconds, problem } = known;
  const { deviceMemory } = navigator as { deviceMemory?: number };
  const lines: (string | undefined)[] = [
    `page        ${INFNET_VERSION}`,
    `browser     ${navigator.userAgent}`,
    `machine     ${navigator.hardwareConcurrency} cores, ${deviceMemory === undefined ? 'memory not told' : `${deviceMemory} GiB or more`}`,
    `context     ${isSecureContext ? 'secure' : 'not secure'}, ${navigator.serviceWorker?.controller ? 'offline' : 'not offline'}, ${'gpu' in navigator ? 'has WebGPU' : 'no WebGPU'}`,
    `wanted      ${known.backend}`,
    pool && `backend     ${pool.backend.name}: ${pool.device}`,
    ...(pool?.backend.tried.map(({ name, code }) => `passed over ${name}: ${code}`) ?? []),
    model &&
      `model       ${model.demo ? 'demo' : 'own'}, ${model.bytes.length} bytes, sha256 ${model.sha256 ?? 'not known'}`,
    pool &&
      `network     ${pool.model.name}, ${pool.model.parameters} parameters, ${JSON.stringify(pool.model.options)}`,
    size === undefined ? undefined : `input       ${size} x ${size}`,
    image && `image       ${image.format}, ${image.dims.join(' x ')} ${image.voxelType}, ${image.unit}`,
    image && `affine      ${image.affine.map((value) => Number(value.toPrecision(6))).join(' ')}`,
    seconds &&
      `seconds     read ${seconds.read.toFixed(2)}, model ${seconds.model.toFixed(2)}, first slice ${seconds.firstSlice.toFixed(2)}, all slices ${seconds.predict.toFixed(2)}, figures ${seconds.measure.toFixed(2)}`,
    problem && `problem     ${problem.code}: ${withoutNames(problem.message, known.names)}`,
  ];
  return lines.filter(Boolean).join('\n');
}

function withoutNames(message: string, names: readonly string[]): string {
  return names.filter((name) => name !== '').reduce((text, name) => text.replaceAll(name, 'FILE'), message);
}
