import type { VolumeAbout } from '@infnet/io-medical';
import type { Niivue, NVImage } from '@niivue/niivue';

/** How a volume is cut. */
export type View = 'axial' | 'coronal' | 'sagittal' | 'all' | '3d';

/** How the infection is shown. */
export type MaskStyle = 'fill' | 'probability' | 'none';

/** The lung window, in which CTs in HU are shown. */
const LUNG_WINDOW = [-1350, 150] as const;

/** The colours of the report: infection, and from violet over red to yellow as the probability rises. */
const COLOURS = {
  infection: { R: [255, 255, 255], G: [92, 92, 92], B: [80, 80, 80], A: [0, 255, 255], I: [0, 1, 255] },
  probability: {
    R: [60, 110, 205, 250, 252],
    G: [20, 30, 50, 130, 235],
    B: [120, 150, 100, 45, 120],
    A: [0, 140, 200, 230, 255],
    I: [0, 64, 128, 192, 255],
  },
};

/** NiiVue with an image and, over it, the probabilities of infection in hundredths, of which the mask is a threshold. */
export class Viewer {
  readonly #niivue: Niivue;
  readonly #load: (bytes: Uint8Array, name: string) => Promise<NVImage>;
  readonly #sliceTypes: Readonly<Record<View, number>>;
  #levels: NVImage | undefined;
  #style: MaskStyle = 'fill';
  #threshold = 0.5;
  #slices = 1;

  private constructor(
    niivue: Niivue,
    sliceTypes: Readonly<Record<View, number>>,
    load: (bytes: Uint8Array, name: string) => Promise<NVImage>,
  ) {
    this.#niivue = niivue;
    this.#sliceTypes = sliceTypes;
    this.#load = load;
  }

  /**
   * Puts a viewer into an element. NiiVue's code is fetched here, when there is something to show.
   *
   * @param onSlice called when the axial slice under the crosshair changes, counted from the feet
   */
  static async in(stage: HTMLElement, onSlice: (slice: number) => void): Promise<Viewer> {
    const { Niivue, NVImage, SLICE_TYPE } = await import('@niivue/niivue');
    const canvas = document.createElement('canvas');
    canvas.setAttribute('role', 'img');
    canvas.setAttribute('aria-label', 'CT with the infected region marked');
    if (canvas.getContext('webgl2') === null) {
      throw new Error('this browser gives no WebGL 2, which the viewer draws with');
    }
    stage.replaceChildren(canvas);
    const niivue = new Niivue({
      backColor: [0.024, 0.035, 0.039, 1],
      crosshairColor: [0.31, 0.82, 0.74, 0.55],
      crosshairWidth: 0.75,
      crosshairGap: 8,
      show3Dcrosshair: true,
      isRadiologicalConvention: true,
      isCornerOrientationText: false,
      isColorbar: false,
      dragAndDropEnabled: false,
      sliceType: SLICE_TYPE.AXIAL,
      multiplanarForceRender: true,
      logLevel: 'silent',
      loadingText: '',
      viewModeHotKey: '',
      clipPlaneHotKey: '',
      cycleClipPlaneHotKey: '',
      trustCalMinMax: true,
    });
    await niivue.attachToCanvas(canvas);
    for (const [name, colours] of Object.entries(COLOURS))
      niivue.addColormap(name, { ...colours, min: 0, max: 0 });
    const viewer = new Viewer(
      niivue,
      {
        axial: SLICE_TYPE.AXIAL,
        coronal: SLICE_TYPE.CORONAL,
        sagittal: SLICE_TYPE.SAGITTAL,
        all: SLICE_TYPE.MULTIPLANAR,
        '3d': SLICE_TYPE.RENDER,
      },
      (bytes, name) => NVImage.loadFromUrl({ url: bytes.buffer as ArrayBuffer, name }),
    );
    niivue.onLocationChange = (location) => {
      const { frac } = location as { frac: readonly number[] };
      onSlice(Math.min(viewer.#slices - 1, Math.max(0, Math.floor((frac[2] ?? 0) * viewer.#slices))));
    };
    return viewer;
  }

  /** Shows an image. @param nifti bytes of an uncompressed NIfTI file */
  async show(nifti: Uint8Array, { slices, unit }: VolumeAbout): Promise<void> {
    this.clear();
    this.#slices = slices;
    const image = await this.#load(nifti, 'image.nii');
    if (unit === 'HU') [image.cal_min, image.cal_max] = LUNG_WINDOW;
    this.#niivue.addVolume(image);
    this.setSlice(Math.floor(slices / 2));
  }

  /** Lays the probabilities over the image. @param nifti bytes of an uncompressed NIfTI file, in hundredths */
  async overlay(nifti: Uint8Array, threshold: number): Promise<void> {
    this.#levels = await this.#load(nifti, 'infection.nii');
    this.#threshold = threshold;
    this.#prepare(this.#levels);
    this.#niivue.addVolume(this.#levels);
  }

  /** @param slice axial, counted from the feet */
  setSlice(slice: number): void {
    const [x = 0.5, y = 0.5] = this.#niivue.scene.crosshairPos;
    this.#niivue.scene.crosshairPos = [x, y, (slice + 0.5) / this.#slices];
    this.#niivue.drawScene();
  }

  setView(view: View): void {
    this.#niivue.setSliceType(this.#sliceTypes[view]);
  }

  setStyle(style: MaskStyle): void {
    this.#style = style;
    this.#restyle();
  }

  setThreshold(threshold: number): void {
    this.#threshold = threshold;
    this.#restyle();
  }

  /** Takes the images away and gives their textures back. */
  clear(): void {
    this.#levels = undefined;
    for (const volume of this.#niivue.volumes.toReversed()) this.#niivue.removeVolume(volume);
  }

  #restyle(): void {
    const levels = this.#levels;
    if (!levels) return;
    this.#prepare(levels);
    // This layer only: updateGLVolume would put the image itself, which stays as it is, through the GPU once more.
    this.#niivue.refreshLayers(levels, 1);
    this.#niivue.drawScene();
  }

  #prepare(levels: NVImage): void {
    const level = 100 * this.#threshold;
    const isMap = this.#style === 'probability';
    // A step between two hundredths makes a mask of the levels, at every threshold, without touching them.
    [levels.cal_min, levels.cal_max] = isMap ? [1, 100] : [level - 0.75, level - 0.25];
    levels.colormap = isMap ? 'probability' : 'infection';
    levels.opacity = this.#style === 'none' ? 0 : isMap ? 0.8 : 0.45;
  }
}
