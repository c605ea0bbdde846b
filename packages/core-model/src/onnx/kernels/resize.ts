import type { Attribute } from '../onnx-graph.js';
import type { Attributes, OnnxKernel } from './kernel.js';

/** ResizeBilinear and ResizeNearestNeighbor to a given size. */
export function resize(mode: 'linear' | 'nearest'): OnnxKernel {
  return {
    shapes: ({ images }, attributes) => {
      const [batch, , , channels] = images!.shape;
      const [height, width] = attributes['size'] as [number, number];
      return [[batch!, height, width, channels!]];
    },
    emit: ({ inputs, attributes }, to) => {
      const size = to.graph.integers(attributes['size'] as number[]);
      const options: Record<string, Attribute> = {
        mode,
        axes: [2, 3],
        coordinate_transformation_mode: coordinates(attributes),
      };
      // Half-pixel nearest neighbours: the pixel in whose area the centre falls.
      if (mode === 'nearest') options['nearest_mode'] = nearestMode(attributes);
      return [to.node('Resize', [to.name(inputs['images']!), '', '', size], options)];
    },
  };
}

function coordinates({ alignCorners, halfPixelCenters }: Attributes): string {
  if (alignCorners === true) return 'align_corners';
  return halfPixelCenters === true ? 'half_pixel' : 'asymmetric';
}

function nearestMode({ alignCorners, halfPixelCenters }: Attributes): string {
  return alignCorners === true || halfPixelCenters === true ? 'round_prefer_ceil' : 'floor';
}
