/**
 * What measures maps, masks, labels, and data sets of them; each sub-path holds one part of it. Lesions (`/lesions`),
 * volumes (`/volumes`), statistics (`/stats`) and files (`/export`) are sub-paths of their own.
 *
 * @module
 * @mergeModuleWith <project>
 */
export * from './entry/masks.js';
export * from './entry/curves.js';
export * from './entry/boundary.js';
export * from './entry/labels.js';
export * from './entry/datasets.js';
export { VERSION } from './version.js';
