/**
 * What the report's page is made of. Numbers and words are rendered into the HTML; pictures travel in one JSON block per
 * case and are decoded in the browser when the case is looked at.
 */
export interface PageData {
  readonly created: string;
  readonly version: string;
  readonly facts: readonly Fact[];
  readonly chips: readonly Fact[];
  readonly threshold: number;
  /** What has to be said before anything else, for example that the model was trained on phantoms. */
  readonly notices: readonly string[];
  readonly cases: readonly PageCase[];
  readonly failures: readonly PageFailure[];
  /** What changed from one scan of a patient to the next. */
  readonly comparisons: readonly PageTable[];
}

/** A label with its value. */
export interface Fact {
  readonly label: string;
  readonly value: string;
}

/** A number that a card shows. */
export interface Card extends Fact {
  /** Smaller, below the value: what it is a part of, or how it was measured. */
  readonly note: string;
  readonly emphasis?: boolean;
}

/** An input that failed. */
export interface PageFailure {
  readonly input: string;
  readonly code: string;
  readonly message: string;
  readonly hint: string;
}

/** One segmented input. */
export interface PageCase {
  readonly name: string;
  /** One line for the list: `23.4 ml in 17 of 40 slices`. */
  readonly finding: string;
  /** Infected share of the volume or image, 0..1: for sorting and for the bar in the list. */
  readonly share: number;
  readonly cards: readonly Card[];
  readonly facts: readonly Fact[];
  readonly warnings: readonly string[];
  /** What looks wrong, with what it may mean. */
  readonly checks: readonly { readonly message: string; readonly hint: string }[];
  /** The six zones of the lungs, from the top right one down, then left; absent where the lungs are not known by side. */
  readonly zones: readonly PageZone[] | null;
  readonly tables: readonly PageTable[];
  readonly curve: AreaCurve;
  readonly pictures: Pictures;
}

/** One of six zones of the lungs. */
export interface PageZone {
  readonly side: 'right' | 'left';
  readonly level: 'upper' | 'middle' | 'lower';
  /** Infected share of the zone, 0..1. */
  readonly share: number;
  readonly score: number;
}

/** Figures of one kind. */
export interface PageTable {
  readonly title: string;
  readonly columns: readonly string[];
  /** The first cell heads its row. */
  readonly rows: readonly (readonly string[])[];
  /** How they were made. */
  readonly method: string;
}

/** Infected area of every slice. */
export interface AreaCurve {
  readonly unit: 'mm²' | '% of the image';
  /** One per slice of the volume, from the first to the last. */
  readonly areas: readonly number[];
}

/** The slices that can be looked at. */
export interface Pictures {
  /** Pixels of every picture. */
  readonly width: number;
  readonly height: number;
  /** Width by height of the slice as it lies in the patient. */
  readonly aspect: number;
  /** Whether the left of the picture is known to be the patient's right. */
  readonly oriented: boolean;
  /** Index of each picture's slice in the volume, ascending. */
  readonly slices: readonly number[];
  /** Slices of the volume. */
  readonly total: number;
  /** Which picture to show first: the one with the largest infected area. */
  readonly first: number;
  /** See `encodePicture`. */
  readonly encoded: readonly string[];
  /** Classes of infection, by label from 1 on; then every picture has a plane of labels. */
  readonly classes?: readonly PictureClass[];
}

/** A class of infection as the viewer shows it. */
export interface PictureClass {
  readonly name: string;
  /** Red, green and blue, 0..255. */
  readonly colour: readonly [number, number, number];
}
