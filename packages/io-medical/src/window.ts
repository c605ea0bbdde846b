import { ImageFormatError } from './errors.js';
import type { VoxelArray } from './volume.js';

/** A range of values shown from black to white: `center - width / 2` to `center + width / 2`. */
export interface Window {
  readonly center: number;
  readonly width: number;
}

/** Name of one of {@link CT_WINDOWS}. */
export type WindowName = 'lung' | 'mediastinum' | 'bone' | 'wide';

/**
 * Named windows in HU. `lung` (-1350 to 150) is the default everywhere: the paper states no window, and this is the one
 * that radiologists read lungs with.
 */
export const CT_WINDOWS: Readonly<Record<WindowName, Window>> = {
  /** -1350 to 150: lung and what is in it, the usual reading window. */
  lung: { center: -600, width: 1500 },
  /** -160 to 240: soft tissue. Aerated lung is black in it. */
  mediastinum: { center: 40, width: 400 },
  /** -500 to 1300. */
  bone: { center: 400, width: 1800 },
  /** -1024 to 1024: nearly all of a CT, with little contrast. */
  wide: { center: 0, width: 2048 },
};

/** The window of that name, or the given one after a check. */
export function resolveWindow(window: WindowName | Window): Window {
  const resolved: Window | undefined = typeof window === 'string' ? CT_WINDOWS[window] : window;
  if (resolved === undefined) {
    throw new ImageFormatError(
      'invalid-option',
      `there is no window named ${JSON.stringify(window)}`,
      `Known are ${Object.keys(CT_WINDOWS).join(', ')}; or give { center, width } in HU.`,
    );
  }
  if (!Number.isFinite(resolved.center) || !(resolved.width > 0) || !Number.isFinite(resolved.width)) {
    throw new ImageFormatError(
      'invalid-option',
      `a window of center ${resolved.center} and width ${resolved.width} shows nothing`,
      'Give a finite center and a width above 0.',
    );
  }
  return resolved;
}

/**
 * Maps voxels linearly to 0..255: the lower end of the window and below to 0, the upper end and above to 255, rounded.
 *
 * @param voxels any values, usually HU
 * @param window name or centre and width in the voxels' unit; default `lung` (-600, 1500)
 */
export function windowToUint8(voxels: VoxelArray, window: WindowName | Window = 'lung'): Uint8Array {
  const { center, width } = resolveWindow(window);
  const low = center - width / 2;
  const grey = new Uint8Array(voxels.length);
  for (let i = 0; i < grey.length; i++) {
    const value = (((voxels[i] ?? 0) - low) * 255) / width;
    grey[i] = value <= 0 ? 0 : value >= 255 ? 255 : Math.round(value);
  }
  return grey;
}
