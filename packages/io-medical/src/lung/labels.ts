/** Label of the patient's right lung, as the `lungmask` program writes it. */
export const RIGHT_LUNG = 1;
/** Label of the patient's left lung. */
export const LEFT_LUNG = 2;

/** The patient's own side. */
export type LungSide = 'right' | 'left';
