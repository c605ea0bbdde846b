export { run, type RunOptions } from './run.js';
export { EXIT, type ExitCode } from './exit-code.js';
export type * from './progress/events.js';
export type { OutputStream, Terminal } from './progress/reporter.js';
