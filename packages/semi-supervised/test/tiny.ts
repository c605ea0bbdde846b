import { InfNet } from '@infnet/core-model';
import { Random, resolveRecipe, type Recipe, type Sample } from '../src/index.js';

/** Noisy slices of 64 × 64 with one bright disc each, which is the mask. */
export function discs(count: number, size = 64): Sample[] {
  return Array.from({ length: count }, (_, index) => {
    const random = Random.of('disc', index);
    const radius = size * random.uniform(0.12, 0.25);
    const x0 = random.uniform(radius, size - radius);
    const y0 = random.uniform(radius, size - radius);
    const image = new Uint8Array(size * size);
    const mask = new Uint8Array(size * size);
    for (let i = 0; i < image.length; i++) {
      const inside = Math.hypot((i % size) - x0, Math.floor(i / size) - y0) < radius;
      mask[i] = inside ? 255 : 0;
      image[i] = (inside ? 150 : 60) + random.integer(40);
    }
    const picture = (data: Uint8Array): Sample['image'] => ({ width: size, height: size, data });
    return { id: `disc-${index}`, image: picture(image), mask: picture(mask) };
  });
}

export function tinyModel(seed = 0): InfNet {
  return InfNet.create({ width: 0.0625, channels: 4, blocks: [1, 1, 1, 1], seed });
}

export function tinyRecipe(overrides: Partial<Recipe> = {}): Recipe {
  return resolveRecipe('short', {
    size: 64,
    batchSize: 3,
    epochs: 3,
    warmupSteps: 2,
    augment: 'full',
    ...overrides,
  });
}
