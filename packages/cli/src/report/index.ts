/**
 * The report of a segmentation as one HTML page, and the figures, curves and tables in it: for Node and for browsers.
 *
 * @module report
 */
export { curveSvg } from './curve.js';
export { escapeHtml } from './escape.js';
export type {
  AreaCurve,
  Card,
  Fact,
  PageCase,
  PageData,
  PageFailure,
  PageTable,
  PageZone,
  PictureClass,
  Pictures,
} from './page-data.js';
export { cardHtml, checkHtml, reportPage } from './report-page.js';
export { pageTable, zonesHtml } from './page-tables.js';
export { factList, RESEARCH_USE } from './shell.js';
export { duration } from '../progress/format.js';
export { millilitres, percent } from '../progress/quantities.js';
export {
  PictureCollector,
  pictureBudget,
  type PictureBudget,
  type PlacedVolume,
} from '../segment/collect-pictures.js';
export type { WindowChoice } from '../options.js';
export { cardsOf, curveOf, findingLine } from '../segment/finding.js';
export { imageFacts, spacingOf, windowText, type DescribedImage } from '../segment/image-facts.js';
export { tablesOf, zonesOf } from '../segment/tables.js';
