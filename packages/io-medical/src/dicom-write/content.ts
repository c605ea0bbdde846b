import { type CodedConcept, codeItem } from './codes.js';
import type { Dataset, Element } from './elements.js';
import { instanceReference } from './origin.js';

/** How a content item belongs to the one above it (PS3.3 C.17.3.2.4). */
export type Relationship = 'CONTAINS' | 'HAS CONCEPT MOD' | 'HAS OBS CONTEXT' | 'HAS ACQ CONTEXT';

/** A content item of a structured report, which knows its children. */
function item(
  relationship: Relationship,
  type: string,
  concept: CodedConcept | undefined,
  value: Dataset,
): Dataset {
  return [
    [0x0040_a010, 'CS', relationship],
    [0x0040_a040, 'CS', type],
    ...(concept === undefined ? [] : ([[0x0040_a043, 'SQ', [codeItem(concept)]]] as const)),
    ...value,
  ];
}

const children = (items: readonly Dataset[]): Element[] =>
  items.length === 0 ? [] : [[0x0040_a730, 'SQ', items]];

/** The elements of a container's own: its template, and what it holds. */
export function containerContent(template: string | undefined, items: readonly Dataset[]): Dataset {
  const templateItem: Dataset = [
    [0x0008_0105, 'CS', 'DCMR'],
    [0x0040_db00, 'CS', template ?? ''],
  ];
  return [
    [0x0040_a050, 'CS', 'SEPARATE'],
    ...(template === undefined ? [] : ([[0x0040_a504, 'SQ', [templateItem]]] as const)),
    ...children(items),
  ];
}

/** A container that another one contains. */
export function container(concept: CodedConcept, items: readonly Dataset[], template?: string): Dataset {
  return item('CONTAINS', 'CONTAINER', concept, containerContent(template, items));
}

/** A coded term. */
export function code(relationship: Relationship, concept: CodedConcept, value: CodedConcept): Dataset {
  return item(relationship, 'CODE', concept, [[0x0040_a168, 'SQ', [codeItem(value)]]]);
}

/** Free text. */
export function text(relationship: Relationship, concept: CodedConcept, value: string): Dataset {
  return item(relationship, 'TEXT', concept, [[0x0040_a160, 'UT', value]]);
}

/** A unique identifier. */
export function uidReference(relationship: Relationship, concept: CodedConcept, uid: string): Dataset {
  return item(relationship, 'UIDREF', concept, [[0x0040_a124, 'UI', uid]]);
}

/** A measured value, with what modifies its concept. */
export function number(
  concept: CodedConcept,
  { value, unit, modifiers = [] }: { value: number; unit: CodedConcept; modifiers?: readonly Dataset[] },
): Dataset {
  const measured: Dataset = [
    [0x0040_08ea, 'SQ', [codeItem(unit)]],
    [0x0040_a30a, 'DS', [value]],
  ];
  return item('CONTAINS', 'NUM', concept, [[0x0040_a300, 'SQ', [measured]], ...children(modifiers)]);
}

/** A reference to an image, or to a segment of one. */
export function image(
  concept: CodedConcept | undefined,
  reference: { readonly sopClassUid: string; readonly sopInstanceUid: string },
  segment?: number,
): Dataset {
  const referenced: Dataset = [
    ...instanceReference(reference),
    ...(segment === undefined ? [] : ([[0x0062_000b, 'US', segment]] as const)),
  ];
  return item('CONTAINS', 'IMAGE', concept, [[0x0008_1199, 'SQ', [referenced]]]);
}
