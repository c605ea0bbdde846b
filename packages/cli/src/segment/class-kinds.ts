import { labelColour } from '@infnet/io-medical';
import { SEGMENT_KINDS, type CodedKind } from '@infnet/io-medical/dicom-write';

/**
 * A class of infection in the coded terms of DICOM, in the colour that it has in pictures and pages. Classes that have a
 * term of their own are told by their names; another is coded as what all of them are, an infection, under its own name.
 *
 * @param label of the class in the label map, from 1
 */
export function classKind(name: string, label: number): CodedKind {
  const colour = labelColour(label);
  if (/ground[-_ ]?glass|\bggo\b/i.test(name)) return { ...SEGMENT_KINDS.groundGlass, colour };
  if (/consolidation/i.test(name)) return { ...SEGMENT_KINDS.consolidation, colour };
  return { ...SEGMENT_KINDS.infection, label: name.slice(0, 64), colour };
}
