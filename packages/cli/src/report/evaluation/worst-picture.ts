/** A worst case as the page shows it. */
export interface WorstPicture {
  readonly id: string;
  readonly width: number;
  readonly height: number;
  /** Width by height of a pixel as it lies in the patient. */
  readonly pixelAspect: number;
  /** Infected share of the slice. */
  readonly share: number;
  /** The slice as a PNG in base64; undefined where no images were given. */
  readonly image: string | undefined;
  /** SVG path around the ground truth. */
  readonly truth: string;
  readonly systems: readonly {
    /** Index of the system in the comparison. */
    readonly index: number;
    /** SVG path around what the system marks at 0.5. */
    readonly contour: string;
    /** The map as a PNG in base64, where there is no image to draw on. */
    readonly map: string | undefined;
    readonly diceAtHalf: number;
    readonly meanDice: number;
  }[];
}
