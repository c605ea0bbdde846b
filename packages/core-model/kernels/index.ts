/**
 * Convolution, batch norm and their gradients in AssemblyScript, on relaxed SIMD: a multiply-add is one instruction there, and with
 * XNNPACK, which TensorFlow.js's wasm backend brings, it is two. They work in the memory of that backend, so that tensors are
 * read and written where they lie, and of scratch memory take what they are given.
 *
 * Products of matrices go by tiles of five by eight sums that stay in registers while their products go by. What is left over at
 * an edge is computed like the rest, on zeros, and not stored.
 */
export { gradientMoments, moments, normInputGradient } from './batch-norm';
export { copyChannels } from './channels';
export { convolve } from './convolution';
export { kernelGradient } from './kernel-gradient';
export { multiply, multiplyColumns } from './multiply';
export { pack, packAdjoint } from './pack';
export { convolveWinograd, transformKernel } from './winograd';
