export { channelMoments, gradientMoments, normInputGradient, type NormTerms } from './batch-norm.js';
export { joinChannels, selectChannels } from './channels.js';
export { convolvePacked, inputGradientPacked } from './convolution.js';
export type { Epilogue } from './finish.js';
export { hasKernels } from './instance.js';
export { kernelGradientOnWasm } from './kernel-gradient.js';
export { packAdjointKernel, packKernel, type PackedKernel, unpackKernel } from './pack.js';
export type { Taps } from './taps.js';
