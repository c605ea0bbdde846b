import { extname } from 'node:path';

/** What an Inf-Net's file is called in the run folder of a network that it guides. */
export function priorCopy(name: string): string {
  return `prior${extname(name)}`;
}
