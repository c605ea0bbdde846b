export { convolvePacked, type Finish, inputGradientPacked, type Taps } from './convolution.js';
export { hasKernels } from './instance.js';
export { kernelGradientOnWasm } from './kernel-gradient.js';
export { packAdjointKernel, packKernel, type PackedKernel, unpackKernel } from './pack.js';
