import {
  type Anatomy,
  cavityFraction,
  cavityTaper,
  diaphragm,
  fraction,
  inAorta,
  inEllipse,
  inHeart,
  inMediastinum,
} from './anatomy.js';
import { smoothNoise } from './random.js';

const AIR = -1000;
const FAT = -105;
const MUSCLE = 52;

/** Tissue at a point: its density in HU before blur and noise, and whether it is lung. */
export interface Tissue {
  readonly density: number;
  readonly isLung: boolean;
}

const OUTSIDE: Tissue = { density: AIR, isLung: false };

/** Tissue of a healthy chest at a point; vessels, airways and lesions are drawn over it. */
export function tissueAt(anatomy: Anatomy, left: number, back: number, up: number): Tissue {
  const [halfWidth, halfDepth] = anatomy.body;
  const inBody = fraction(left, back, halfWidth, halfDepth);
  if (inBody >= 1) return table(anatomy, left, back);
  const depth = (1 - inBody) * halfDepth;
  const cavity = cavityFraction(anatomy, left, back, up);
  if (cavity < 1 && up > diaphragm(anatomy, left, back)) {
    return inMediastinum(anatomy, left, back, up)
      ? solid(bone(anatomy, left, back, up) ?? mediastinum(anatomy, left, back, up))
      : { density: parenchyma(anatomy, left, back, up), isLung: true };
  }
  const skeleton = bone(anatomy, left, back, up) ?? rib(anatomy, cavity, left, back, up);
  if (skeleton !== undefined) return solid(skeleton);
  if (depth < 2) return solid(15);
  const fat = anatomy.fat * (1 + 0.4 * smoothNoise(anatomy.noiseSeed + 2, left / 60, back / 60, up / 80));
  if (depth < 2 + fat) return solid(FAT);
  return cavity < 1 ? solid(abdomen(anatomy, left, back, up)) : solid(chestWall(anatomy, left, back, up));
}

function solid(density: number): Tissue {
  return { density, isLung: false };
}

/** A curved table under the patient: two thin plates with foam between. */
function table({ body }: Anatomy, left: number, back: number): Tissue {
  const below = back - (body[1] + 5 - 0.0012 * left * left);
  if (Math.abs(left) > 205 || below < 0 || below > 16) return OUTSIDE;
  return solid(below < 3 || below > 13 ? -160 : -930);
}

/** Healthy lung: denser towards the back, where it lies, with a soft texture and patches of air trapping. */
function parenchyma(anatomy: Anatomy, left: number, back: number, up: number): number {
  const gravity = 75 * (0.5 + back / (2 * anatomy.cavity[1]));
  const texture = 22 * smoothNoise(anatomy.noiseSeed + 3, left / 9, back / 9, up / 9);
  const patches = 30 * smoothNoise(anatomy.noiseSeed + 4, left / 50, back / 50, up / 50);
  return anatomy.lungDensity + gravity + texture + patches;
}

function mediastinum(anatomy: Anatomy, left: number, back: number, up: number): number {
  if (inHeart(anatomy, left, back, up) || inAorta(anatomy, left, back, up)) return 46;
  return smoothNoise(anatomy.noiseSeed + 5, left / 11, back / 11, up / 14) > 0.05 ? FAT + 10 : 42;
}

/** Liver on the right; spleen and a stomach with a gas bubble on the left. */
function abdomen(anatomy: Anatomy, left: number, back: number, up: number): number {
  const gasHeight = (up - anatomy.domes[1] + 34) / 14;
  const x = (left - 58) / 30;
  const y = (back + 38) / 22;
  if (x * x + y * y + gasHeight * gasHeight < 1) return -960;
  return left < 20 ? 62 : 45;
}

/** Muscle with streaks of fat. */
function chestWall(anatomy: Anatomy, left: number, back: number, up: number): number {
  return smoothNoise(anatomy.noiseSeed + 6, left / 12, back / 8, up / 30) > 0.45 ? FAT + 20 : MUSCLE;
}

/** Vertebrae with discs, canal and processes, and the breastbone. */
function bone(anatomy: Anatomy, left: number, back: number, up: number): number | undefined {
  const y = back - anatomy.spine;
  if (inEllipse(left, y, 19, 15)) {
    const level = phase(up + anatomy.ribPhase, 25);
    if (level < 0.2) return 85;
    return inEllipse(left, y, 16, 12) ? 190 : 480;
  }
  if (inEllipse(left, y - 23, 9, 8)) return 25;
  if (inEllipse(left, y - 23, 13, 12)) return 420;
  if (Math.abs(left) < 4 && y > 30 && y < 44 && phase(up + anatomy.ribPhase, 25) > 0.4) return 350;
  const breastbone = back + anatomy.cavity[1] * cavityTaper(anatomy, up) + 8;
  return up > -60 && up < 90 && inEllipse(left, breastbone, 18, 6) ? 240 : undefined;
}

/** Ribs: bands around the cavity that come down to the front, where they end in cartilage. */
function rib(anatomy: Anatomy, cavity: number, left: number, back: number, up: number): number | undefined {
  const depth = (cavity - 1) * anatomy.cavity[1];
  if (!(depth > 2 && depth < 13) || Math.abs(left) < 14) return undefined;
  const across = (phase(up - 0.35 * back + anatomy.ribPhase, 25) - 0.25) / 0.22;
  const through = (depth - 7) / 4.5;
  const radius = across * across + through * through;
  if (radius > 1) return undefined;
  if (back < -0.62 * anatomy.cavity[1]) return 110;
  return radius > 0.45 ? 620 : 240;
}

/** Fractional part of a length measured in periods. */
function phase(length: number, period: number): number {
  const turns = length / period;
  return turns - Math.floor(turns);
}
