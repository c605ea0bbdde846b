/**
 * The `infnet` command as a function; what its reports are made of is the sub-path `/report`.
 *
 * @module
 * @mergeModuleWith <project>
 */
export { run, type RunOptions } from './run.js';
export { EXIT, type ExitCode } from './exit-code.js';
export type * from './progress/events.js';
export type { OutputStream, Terminal } from './progress/reporter.js';
