import { mkdir } from 'node:fs/promises';
import { writeLabels, writeProbability, type Volume } from '@infnet/io-medical';
import type { ResultFolder } from '../outputs/result-folder.js';
import type { CaseResult } from './case-result.js';
import { legend } from './labeller.js';
import { endingFor } from './write-outputs.js';
import type { VolumeLabeller } from './volume-labeller.js';

/** Writes the label map of one input and, where they were kept, the probabilities of each class. */
export async function writeLabelFiles(
  folder: ResultFolder,
  volume: Volume,
  { labels, probabilities, labeller }: VolumeLabeller,
  { name, format }: { readonly name: string; readonly format: string },
): Promise<Pick<CaseResult['outputs'], 'labels' | 'classProbabilities'>> {
  const ending = endingFor(volume, format);
  const path = `labels/${name}${ending}`;
  await mkdir(folder.at('labels'), { recursive: true });
  await writeLabels(folder.at(path), labels, volume, { description: headerText(legend(labeller.about)) });
  const classProbabilities: Record<string, string> = {};
  for (const [index, probability] of probabilities.entries()) {
    const title = labeller.about.classes[index]!;
    const directory = `class-probabilities/${title.replaceAll(/[^\p{L}\p{N}._-]+/gu, '_')}`;
    await mkdir(folder.at(directory), { recursive: true });
    await writeProbability(folder.at(`${directory}/${name}${ending}`), probability, volume, {
      description: headerText(`probability of ${title}`),
    });
    classProbabilities[title] = `${directory}/${name}${ending}`;
  }
  return { labels: path, ...(probabilities.length > 0 && { classProbabilities }) };
}

/** A NIfTI header takes 79 characters of ASCII. */
function headerText(text: string): string {
  return text.replaceAll(/[^ -~]/g, '_').slice(0, 79);
}
