import { open, stat } from 'node:fs/promises';
import { outcomeOf, type CommandContext, type Outcome } from '../context.js';
import { versions } from '../versions.js';

/** Options of `infnet info`. */
export interface InfoOptions {
  readonly json?: boolean;
  /** Side length of the images that a network's multiply-adds are counted for. */
  readonly size?: number;
  /** Also what a DICOM file says of its patient. */
  readonly showPatient?: boolean;
}

/** Describes a file by its content, a network by its name, or this installation. */
export async function info(
  file: string | undefined,
  options: InfoOptions,
  { reporter }: CommandContext,
): Promise<Outcome> {
  const description = await describe(file, options);
  reporter.answer(options.json ? JSON.stringify(description, undefined, 2) : asText(description));
  return outcomeOf({ done: 1 });
}

async function describe(
  file: string | undefined,
  { size, showPatient = false }: InfoOptions,
): Promise<object> {
  if (file === undefined) return versions();
  if (!(await stat(file).catch(() => undefined))) {
    const network = (await import('../info/describe-model.js')).describeByName(file, size);
    if (network) return network;
  }
  const isFolder = (await stat(file)).isDirectory();
  if (!isFolder && (await isModel(file))) {
    return (await import('../info/describe-model.js')).describeModel(file, size);
  }
  return (await import('../info/describe-image.js')).describeImage(file, { showPatient, isFolder });
}

/** By its ending, or as safetensors begin: with the length of the header, 8 bytes, and then `{`. */
async function isModel(file: string): Promise<boolean> {
  const handle = await open(file);
  try {
    const start = Buffer.alloc(9);
    const { bytesRead } = await handle.read(start, 0, 9, 0);
    return (
      /\.(?:safetensors|pth|pt)$/i.test(file) ||
      (bytesRead === 9 && start[8] === 0x7b && start.readUInt32LE(4) === 0)
    );
  } finally {
    await handle.close();
  }
}

/** One `key  value` line per entry; nested objects are indented. */
function asText(description: object, indent = ''): string {
  const entries = Object.entries(description).filter(([, value]) => value !== undefined);
  const width = Math.max(...entries.map(([key]) => key.length));
  return entries
    .map(([key, value]: [string, unknown]) => {
      if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
        return `${indent}${key}\n${asText(value, `${indent}  `)}`;
      }
      return `${indent}${key.padEnd(width)}  ${valueText(value, indent + ' '.repeat(width + 2))}`;
    })
    .join('\n');
}

function valueText(value: unknown, indent: string): string {
  if (!Array.isArray(value)) return String(value);
  if (value.some((row) => Array.isArray(row) || typeof row === 'string')) {
    return (
      value
        .map((row) => (Array.isArray(row) ? row.map(number).join('  ') : String(row)))
        .join(`\n${indent}`) || 'none'
    );
  }
  return value.map(number).join(' x ') || 'none';
}

function number(value: unknown): string {
  return typeof value === 'number' ? String(Number(value.toFixed(5))) : String(value);
}
