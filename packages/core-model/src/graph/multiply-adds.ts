import type { KernelCall } from './shape-backend.js';
import type { NetworkGraph } from './trace.js';

/**
 * Multiply-adds of a forward pass's convolutions, as the paper's tables count FLOPs: one for each weight and output
 * value it takes part in. Norms, activations, pools and resizes, under a hundredth of the whole, are left out.
 */
export function multiplyAdds({ calls }: NetworkGraph): number {
  return calls.reduce((sum, call) => sum + ofCall(call), 0);
}

function ofCall({ kernel, inputs, output }: KernelCall): number {
  const size = (shape: readonly number[]): number => shape.reduce((product, side) => product * side, 1);
  const filter = inputs['filter']?.shape;
  switch (kernel) {
    case 'Conv2D':
    case 'FusedConv2D':
      return size(output.shape) * size(filter!.slice(0, 3)); // [kh,kw,C,D]
    case 'Conv2DBackpropInput': // a transposed convolution: each input value meets each weight of its channel
      return size(inputs['dy']!.shape) * size(filter!.slice(0, 3)); // [kh,kw,D,C]
    default:
      return 0;
  }
}
