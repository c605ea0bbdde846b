/** What the process answers: a script can tell "some inputs failed" from "nothing could run". */
export const EXIT = {
  /** Everything that was asked for was done. */
  all: 0,
  /** The run finished, but some inputs failed or were left out. */
  some: 1,
  /** Nothing could run: wrong option, missing model, output folder not writable, no input. */
  none: 2,
  /** Stopped by Ctrl-C (the shell's convention, 128 + SIGINT). */
  interrupted: 130,
} as const;

/** One of {@link EXIT}. */
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];
