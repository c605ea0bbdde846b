import { availableParallelism, cpus, freemem, release, totalmem, type } from 'node:os';
import { arch, platform } from 'node:process';
import { diagnostics, type BackendDiagnosis, type BackendName } from '@infnet/core-model';
import { COULD_NOT_RUN, outcomeOf, type CommandContext, type Outcome } from '../context.js';
import { diagnoseApart } from '../doctor/diagnose-apart.js';
import { versions } from '../versions.js';

/** Those that bring native code, which may take its process down with it. */
const NATIVE: readonly BackendName[] = ['cuda', 'node', 'webgpu'];
const PORTABLE: readonly BackendName[] = ['webgl', 'wasm', 'cpu'];

/** Options of `infnet doctor`. */
export interface DoctorOptions {
  readonly json?: boolean;
  /** Look at this backend alone, in this process; prints JSON. */
  readonly only?: BackendName;
}

/** Prints what a maintainer asks for first. Nothing of the user's files is in it, and no path. */
export async function doctor(options: DoctorOptions, { reporter, signal }: CommandContext): Promise<Outcome> {
  if (options.only !== undefined) {
    const { backends } = await diagnostics({ backends: [options.only] });
    reporter.answer(JSON.stringify(backends[0]));
    return outcomeOf({ done: 1 });
  }
  const apart = await Promise.all(NATIVE.map((name) => diagnoseApart(name, signal)));
  const { tensorflow, backends: portable } = await diagnostics({ backends: PORTABLE });
  const backends = [...apart, ...portable];
  const machine = {
    system: `${type()} ${release()} (${platform} ${arch})`,
    processor: `${cpus()[0]?.model.trim() ?? 'unknown'}, ${availableParallelism()} cores usable`,
    memory: `${gib(totalmem())} GiB, ${gib(freemem())} GiB free`,
    node: process.version,
    wasmSimd: wasmSimd(),
    terminal: process.stdout.isTTY ? `${process.stdout.columns} columns` : 'none',
  };
  const found = versions();
  const auto = backends.find((one) => one.works && !one.device.startsWith('software'))?.name;
  reporter.answer(
    options.json
      ? JSON.stringify({ machine, versions: found, tensorflow, auto, backends }, undefined, 2)
      : asText(
          { ...machine, wasmSimd: machine.wasmSimd ? 'yes' : 'no', auto: auto ?? 'none' },
          found,
          backends,
        ),
  );
  return backends.some(({ works }) => works) ? outcomeOf({ done: 1 }) : COULD_NOT_RUN;
}

function asText(
  machine: Readonly<Record<string, string>>,
  found: Readonly<Record<string, string>>,
  backends: readonly BackendDiagnosis[],
): string {
  const rows = (entries: Readonly<Record<string, string>>): string[] =>
    Object.entries(entries).map(([key, value]) => `${key.padEnd(30)} ${value}`);
  return [
    '--- infnet doctor ---',
    ...rows(machine),
    ...rows(Object.fromEntries(Object.entries(found).filter(([name]) => name !== 'node'))),
    ...backends.map((one) => `backend ${one.name.padEnd(22)} ${verdict(one)}`),
    '---------------------',
  ].join('\n');
}

function verdict(one: BackendDiagnosis): string {
  if (!one.works) return `no: ${one.reason} (${one.hint})`;
  const { totalBytes, tensorBytes } = one.limits;
  const limits = [
    ...(totalBytes === undefined ? [] : [`memory ${gib(totalBytes)} GiB`]),
    ...(tensorBytes === undefined ? [] : [`largest tensor ${gib(tensorBytes)} GiB`]),
  ];
  return `works: ${[one.device, ...limits].join('; ')}`;
}

/** Whether this engine accepts a function that uses a 128-bit vector. */
function wasmSimd(): boolean {
  // (module (func (result v128) i32.const 0 i8x16.splat i8x16.popcnt))
  const bytes = [
    0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 10, 1, 8, 0, 65, 0, 253, 15, 253, 98,
    11,
  ];
  return WebAssembly.validate(Uint8Array.from(bytes));
}

function gib(bytes: number): string {
  return (bytes / 2 ** 30).toFixed(1);
}
