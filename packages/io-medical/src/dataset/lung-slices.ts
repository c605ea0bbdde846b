import { displayFrame, takeSlice } from '../display-frame.js';
import { ImageFormatError } from '../errors.js';
import { type DisplayGrid, displayGrid } from '../lung/display-grid.js';
import { toSlices } from '../slices.js';
import type { GreyImage, Volume } from '../volume.js';
import type { Window, WindowName } from '../window.js';

/** Options of {@link lungSlices}. */
export interface LungSliceOptions {
  /** Lungs on the volume's grid; anything but 0 is lung. Without them slices are neither dropped nor cropped. */
  readonly lungs?: Uint8Array;
  /** Infection on the volume's grid. */
  readonly mask?: Uint8Array;
  /** `binary`: anything but 0 becomes 255. `labels`: values stay, for masks of several classes. Default `binary`. */
  readonly maskValues?: 'binary' | 'labels';
  /** Window in HU. Default `lung`. */
  readonly window?: WindowName | Window;
  /** Slices with less lung than this share of the fullest slice are dropped. Default 0.05. */
  readonly leastLung?: number;
  /** Rim around the lungs that stays. Default 5 mm. */
  readonly marginMm?: number;
  /** Takes every n-th of the slices that are left, so that neighbours are not nearly the same. Default 1. */
  readonly every?: number;
}

/** A rectangle of a slice in pixels, in display orientation. */
export interface SliceCrop {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** One slice of a data set. */
export interface LungSlice {
  /** Number of the slice in the volume, from the feet up. */
  readonly index: number;
  readonly image: GreyImage<Uint8Array>;
  /** Only where a mask was given. */
  readonly mask?: GreyImage<Uint8Array>;
  /** What was cut out of the whole slice. */
  readonly crop: SliceCrop;
}

/**
 * The axial slices of a volume that show lung, each cropped to its lungs: training data as the paper's 1600 unlabelled
 * slices are. The paper says that non-lung regions were removed, not how; the released slices have another size each
 * and show the lungs' bounding box with a narrow rim, nothing blacked out, which is what this does.
 *
 * @yields slices from the feet up
 * @throws {ImageFormatError} `size-mismatch`, `invalid-option`
 */
export function* lungSlices(
  volume: Volume,
  options: LungSliceOptions = {},
): Generator<LungSlice, void, void> {
  const { lungs, mask, window, maskValues = 'binary', every = 1, leastLung = 0.05, marginMm = 5 } = options;
  checkOptions(volume, { lungs, mask, every, leastLung, marginMm });
  const grid = displayGrid(volume);
  const frame = displayFrame(volume);
  const crops = lungs === undefined ? wholeSlices(grid) : cropsOf(lungs, grid, { leastLung, marginMm });
  let kept = 0;
  for (const slice of toSlices(volume, window === undefined ? {} : { window })) {
    const box = crops[slice.index];
    if (box === undefined || kept++ % every !== 0) continue;
    const image = cropImage(slice, box);
    if (mask === undefined) {
      yield { index: slice.index, image, crop: box };
      continue;
    }
    const labels = takeSlice(mask, frame, slice.index);
    const data = maskValues === 'labels' ? labels : labels.map((value) => (value === 0 ? 0 : 255));
    yield { index: slice.index, image, mask: cropImage({ ...slice, data }, box), crop: box };
  }
}

/** Crop of each slice; undefined where there is too little lung. */
function cropsOf(
  lungs: Uint8Array,
  grid: DisplayGrid,
  { leastLung, marginMm }: { readonly leastLung: number; readonly marginMm: number },
): (SliceCrop | undefined)[] {
  const [nx, ny, nz] = grid.dims;
  const slices = Array.from({ length: nz }, (_, z) => boundsOf(takeSlice(lungs, grid.frame, z), nx, ny));
  const most = Math.max(0, ...slices.map(({ area }) => area));
  const margin = [Math.round(marginMm / grid.spacing[0]), Math.round(marginMm / grid.spacing[1])] as const;
  return slices.map(({ area, left, right, top, bottom }) => {
    if (area === 0 || area < leastLung * most) return undefined;
    const x = Math.max(0, left - margin[0]);
    const y = Math.max(0, top - margin[1]);
    return {
      x,
      y,
      width: Math.min(nx, right + 1 + margin[0]) - x,
      height: Math.min(ny, bottom + 1 + margin[1]) - y,
    };
  });
}

function boundsOf(
  slice: Uint8Array,
  nx: number,
  ny: number,
): { area: number; left: number; right: number; top: number; bottom: number } {
  let [area, left, right, top, bottom] = [0, nx, -1, ny, -1];
  for (let y = 0, i = 0; y < ny; y++) {
    for (let x = 0; x < nx; x++, i++) {
      if (slice[i] === 0) continue;
      area++;
      left = Math.min(left, x);
      right = Math.max(right, x);
      top = Math.min(top, y);
      bottom = y;
    }
  }
  return { area, left, right, top, bottom };
}

function wholeSlices({ dims: [width, height, nz] }: DisplayGrid): SliceCrop[] {
  return Array.from({ length: nz }, () => ({ x: 0, y: 0, width, height }));
}

function cropImage({ width, data }: GreyImage<Uint8Array>, crop: SliceCrop): GreyImage<Uint8Array> {
  const out = new Uint8Array(crop.width * crop.height);
  for (let y = 0; y < crop.height; y++) {
    const from = crop.x + (crop.y + y) * width;
    out.set(data.subarray(from, from + crop.width), y * crop.width);
  }
  return { width: crop.width, height: crop.height, data: out };
}

function checkOptions(
  { source, voxels }: Volume,
  {
    lungs,
    mask,
    every,
    leastLung,
    marginMm,
  }: {
    readonly lungs: Uint8Array | undefined;
    readonly mask: Uint8Array | undefined;
    readonly every: number;
    readonly leastLung: number;
    readonly marginMm: number;
  },
): void {
  for (const [name, values] of Object.entries({ lungs, mask })) {
    if (values === undefined || values.length === voxels.length) continue;
    throw new ImageFormatError(
      'size-mismatch',
      `${source}: the ${name} have ${values.length} voxels, the volume ${voxels.length}`,
      'Give a mask on the grid of the volume.',
    );
  }
  const problem =
    !Number.isInteger(every) || every < 1
      ? `every ${every} slices`
      : !(leastLung >= 0 && leastLung <= 1)
        ? `a least share of lung of ${leastLung}`
        : !(marginMm >= 0 && Number.isFinite(marginMm))
          ? `a margin of ${marginMm} mm`
          : undefined;
  if (problem === undefined) return;
  throw new ImageFormatError(
    'invalid-option',
    `there is no data set with ${problem}`,
    'Give a whole number of slices above 0, a share in 0..1, and a margin of at least 0 mm.',
  );
}
