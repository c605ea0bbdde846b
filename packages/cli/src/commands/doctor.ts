import { availableParallelism, cpus, freemem, release, totalmem, type } from 'node:os';
import { arch, platform } from 'node:process';
import { selectBackend } from '@infnet/core-model';
import { COULD_NOT_RUN, outcomeOf, type CommandContext, type Outcome } from '../context.js';
import { versions } from '../versions.js';

/** In the order in which `auto` tries them. */
const BACKENDS = ['cuda', 'node', 'webgpu', 'webgl', 'wasm', 'cpu'] as const;

/** What is told about one backend. */
interface BackendState {
  readonly name: string;
  readonly works: boolean;
  /** The device, or why it does not work. */
  readonly detail: string;
}

/** Options of `infnet doctor`. */
export interface DoctorOptions {
  readonly json?: boolean;
}

/** Prints what a maintainer asks for first. Nothing of the user's files is in it. */
export async function doctor(options: DoctorOptions, { reporter }: CommandContext): Promise<Outcome> {
  const backends: BackendState[] = [];
  for (const name of BACKENDS) backends.push(await tryBackend(name));
  const machine = {
    system: `${type()} ${release()} (${platform} ${arch})`,
    processor: `${cpus()[0]?.model.trim() ?? 'unknown'}, ${availableParallelism()} cores usable`,
    memory: `${gib(totalmem())} GiB, ${gib(freemem())} GiB free`,
    node: process.version,
    wasmSimd: wasmSimd(),
    terminal: process.stdout.isTTY ? `${process.stdout.columns} columns` : 'none',
  };
  const found = versions();
  reporter.answer(
    options.json
      ? JSON.stringify({ machine, versions: found, backends }, undefined, 2)
      : asText({ ...machine, wasmSimd: machine.wasmSimd ? 'yes' : 'no' }, found, backends),
  );
  return backends.some(({ works }) => works) ? outcomeOf({ done: 1 }) : COULD_NOT_RUN;
}

async function tryBackend(name: string): Promise<BackendState> {
  try {
    return { name, works: true, detail: (await selectBackend(name)).device };
  } catch (error) {
    return { name, works: false, detail: error instanceof Error ? error.message : String(error) };
  }
}

function asText(
  machine: Readonly<Record<string, string>>,
  found: Readonly<Record<string, string>>,
  backends: readonly BackendState[],
): string {
  const rows = (entries: Readonly<Record<string, string>>): string[] =>
    Object.entries(entries).map(([key, value]) => `${key.padEnd(30)} ${value}`);
  return [
    '--- infnet doctor ---',
    ...rows(machine),
    ...rows(Object.fromEntries(Object.entries(found).filter(([name]) => name !== 'node'))),
    ...backends.map(
      ({ name, works, detail }) => `backend ${name.padEnd(22)} ${works ? 'works' : 'no'}: ${detail}`,
    ),
    '---------------------',
  ].join('\n');
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
