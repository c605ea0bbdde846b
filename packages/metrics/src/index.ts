/**
 * Everything at once; each sub-path holds one part of it.
 *
 * @module
 * @mergeModuleWith <project>
 */
export * from './entry/masks.js';
export * from './entry/curves.js';
export * from './entry/stats.js';
export * from './entry/datasets.js';
export * from './entry/export.js';
export { VERSION } from './version.js';
