import { listSeries } from '@infnet/io-medical';
import type { Input } from './find-inputs.js';

/** An image of fewer slices beside a volume is a localizer or a dose report. */
const FEWEST_SLICES = 2;

/**
 * The DICOM series among files, or in an archive, as inputs: all volumes, or all images where there is no volume.
 *
 * @param about path and name of what was given
 * @throws ImageFormatError `no-image` where there is none
 */
export async function findSeriesInputs(
  files: string | readonly string[],
  about: { readonly path: string; readonly name: string },
): Promise<Input[]> {
  const { series } = await listSeries(files, { name: about.path });
  const volumes = series.filter(({ slices, modality }) => slices >= FEWEST_SLICES && modality !== 'SEG');
  const wanted = volumes.length > 0 ? volumes : series;
  return wanted.map(({ index }, i) => ({
    path: about.path,
    name: wanted.length > 1 ? `${about.name}/series-${i + 1}` : about.name,
    series: { files, index },
  }));
}
