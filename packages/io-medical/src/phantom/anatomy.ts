import { createRandom, smoothNoise } from './random.js';

/** Sizes of one patient in millimetres, drawn from a seed. */
export interface Anatomy {
  /** Half width and half depth of the body. */
  readonly body: readonly [number, number];
  readonly fat: number;
  /** Half width and half depth of the chest cavity. */
  readonly cavity: readonly [number, number];
  /** Height of the lowest and highest point of the lungs. */
  readonly base: number;
  readonly apex: number;
  /** Height of the diaphragm's dome on the right and the left. */
  readonly domes: readonly [number, number];
  /** Centre and half axes of the heart. */
  readonly heart: {
    readonly centre: readonly [number, number, number];
    readonly axes: readonly [number, number, number];
  };
  /** Distance of the vertebral bodies behind the middle. */
  readonly spine: number;
  readonly ribPhase: number;
  readonly noiseSeed: number;
  /** Density of healthy lung at the front, in HU. */
  readonly lungDensity: number;
}

/** Draws a patient. */
export function drawAnatomy(seed: number): Anatomy {
  const random = createRandom(seed);
  const body = [random.between(155, 172), random.between(104, 118)] as const;
  const fat = random.between(7, 17);
  const cavity = [body[0] - fat - 24, body[1] - fat - 19] as const;
  const domeRight = random.between(-75, -55);
  return {
    body,
    fat,
    cavity,
    base: random.between(-130, -115),
    apex: random.between(122, 138),
    domes: [domeRight, domeRight - random.between(6, 16)],
    heart: {
      centre: [random.between(18, 28), random.between(-36, -26), random.between(-55, -40)],
      axes: [random.between(50, 62), random.between(40, 50), random.between(52, 64)],
    },
    spine: cavity[1] - random.between(14, 20),
    ribPhase: random.between(0, 25),
    noiseSeed: random.fork(),
    lungDensity: random.between(-885, -845),
  };
}

/**
 * Size of a rounded-off rectangle through the point, as a fraction of the given one: below 1 is inside.
 *
 * Fuller than an ellipse at the shoulders, as a chest is.
 */
export function fraction(x: number, y: number, halfWidth: number, halfDepth: number): number {
  const u = (x / halfWidth) * (x / halfWidth);
  const v = (y / halfDepth) * (y / halfDepth);
  return Math.sqrt(u + v - 0.3 * Math.min(u, 1) * Math.min(v, 1));
}

/** Whether a point lies within an ellipse around a centre. */
export function inEllipse(x: number, y: number, rx: number, ry: number): boolean {
  return (x / rx) * (x / rx) + (y / ry) * (y / ry) < 1;
}

/** How wide the chest cavity is at a height, as a fraction of its widest: it closes over the apex. */
export function cavityTaper(anatomy: Anatomy, up: number): number {
  const h = (up - anatomy.base) / (anatomy.apex - anatomy.base);
  if (h < 0.35) return 0.94 + 0.17 * Math.max(0, h);
  const t = (h - 0.35) / 0.65;
  return t >= 1 ? 0 : Math.sqrt(1 - t * t);
}

/** Position within the chest cavity at a height: below 1 is inside, 1 is the pleura. */
export function cavityFraction(anatomy: Anatomy, left: number, back: number, up: number): number {
  const taper = cavityTaper(anatomy, up);
  if (taper < 0.05) return Infinity;
  const ripple = 0.02 * smoothNoise(anatomy.noiseSeed, left / 45, back / 45, up / 45);
  return fraction(left, back, anatomy.cavity[0] * taper, anatomy.cavity[1] * taper) + ripple;
}

/** Height of the diaphragm above or below the chest's middle at a place. */
export function diaphragm(anatomy: Anatomy, left: number, back: number): number {
  const side = left < 0 ? 0 : 1;
  const x = (Math.abs(left) - 0.55 * anatomy.cavity[0]) / 75;
  const y = (back + 5) / 85;
  return Math.max(anatomy.base, anatomy.domes[side] - 55 * (x * x + y * y));
}

/** Whether a point belongs to the heart. */
export function inHeart({ heart }: Anatomy, left: number, back: number, up: number): boolean {
  const x = (left - heart.centre[0]) / heart.axes[0];
  const y = (back - heart.centre[1]) / heart.axes[1];
  const z = (up - heart.centre[2]) / heart.axes[2];
  return x * x + y * y + z * z < 1;
}

/** Whether a point belongs to the aorta: the part that runs down beside the spine, and the arch over it. */
export function inAorta(anatomy: Anatomy, left: number, back: number, up: number): boolean {
  if (up > 62) return false;
  if (inEllipse(left - 20, back - (anatomy.spine - 22), 13, 13)) return true;
  return up > 38 && inEllipse(left - 8, back - (anatomy.spine - 52), 16, 40);
}

/** Whether a point lies between the lungs: vessels and fat behind the breastbone, heart, aorta, spine. */
export function inMediastinum(anatomy: Anatomy, left: number, back: number, up: number): boolean {
  const ripple = 1 + 0.15 * smoothNoise(anatomy.noiseSeed + 1, left / 30, back / 30, up / 30);
  const halfWidth = (24 + (up > 40 ? 6 : 0)) * ripple;
  return (
    Math.abs(left) < 4 ||
    inEllipse(left, back + 8, halfWidth, anatomy.cavity[1] * 0.95) ||
    inEllipse(left, back - anatomy.spine, 32, 32) ||
    inHeart(anatomy, left, back, up) ||
    inAorta(anatomy, left, back, up)
  );
}
