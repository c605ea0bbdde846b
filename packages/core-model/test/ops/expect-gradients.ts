export { requireGradients as expectGradients } from '../conformance/require-gradients.js';
