/**
 * Convolution and its gradients in AssemblyScript, on relaxed SIMD: a multiply-add is one instruction there, and with XNNPACK, which
 * TensorFlow.js's wasm backend brings, it is two. They work in the memory of that backend, so that tensors are read and written
 * where they lie, and take the bytes of no scratch but what they are given.
 *
 * All go by tiles of five by eight sums that stay in registers while their products go by. What is left over at an edge is
 * computed like the rest, on zeros, and not stored.
 */
export { convolve } from './convolution';
export { kernelGradient } from './kernel-gradient';
export { multiply, multiplyColumns } from './multiply';
export { pack, packAdjoint } from './pack';
export { convolveWinograd, transformKernel } from './winograd';
