/** What can look wrong with an image or with what was found in it; stable across versions, unlike messages. */
export type ImageCheckCode =
  | 'not-ct'
  | 'already-windowed'
  | 'normalised'
  | 'rescale-missing'
  | 'air-off'
  | 'range-odd'
  | 'flat'
  | 'not-axial'
  | 'front-to-back'
  | 'mirrored'
  | 'spacing-unknown'
  | 'spacing-odd'
  | 'field-of-view'
  | 'slices-uneven'
  | 'radiograph'
  | 'looks-like-mask'
  | 'low-contrast'
  | 'single-slice'
  | 'no-lung'
  | 'one-lung'
  | 'lungs-cut'
  | 'lungs-joined'
  | 'outside-lungs';

/** One thing that a reader should know before trusting the numbers. */
export interface ImageCheck {
  readonly code: ImageCheckCode;
  /** What was seen, with figures. */
  readonly message: string;
  /** What it may mean and what to do about it. */
  readonly hint: string;
}
