import { cpSync, existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { InfNet, selectBackend, type StateDict, writePytorchCheckpoint } from '@infnet/core-model';
import { createPhantom, encodePng, type Phantom, toSlices, writeMask, writeVolume } from '@infnet/io-medical';
import { ctSeries } from '../../packages/io-medical/test/dicom/ct-series.js';

/** The pictures of an axial slice. */
interface LabelledSlice {
  readonly image: Uint8Array;
  readonly mask: Uint8Array;
}

/** Writes, below a folder, everything that the pages' examples call by name, made of small phantoms. */
export async function makeSupplies(folder: string): Promise<void> {
  const put = (name: string, bytes: Uint8Array): void => {
    mkdirSync(dirname(folder + name), { recursive: true });
    writeFileSync(folder + name, bytes);
  };
  const phantom = createPhantom({ seed: 2, dims: [48, 48, 4] });
  const slices = labelledSlices(phantom);
  await writeVolumes(folder, phantom);
  ctSeries(phantom.volume).forEach((bytes, z) => put(`dicom/${z}.dcm`, bytes));

  for (const data of ['data/train', 'data/val', 'data/test', 'Doctor-label', 'DATA']) {
    slices.forEach(({ image, mask }, i) => {
      put(`${data}/Imgs/${i}.png`, image);
      put(`${data}/GT/${i}.png`, mask);
    });
  }
  slices.forEach(({ image, mask }, i) => {
    for (const images of ['data/unlabelled', 'MORE', 'slices', 'Imgs']) put(`${images}/${i}.png`, image);
    for (const maps of ['out/maps', 'UNet', 'Inf-Net', 'GT']) put(`${maps}/${i}.png`, mask);
  });
  await writeModels(folder, put);
}

/** Copies into a folder the supplies that a text names and the folder lacks. */
export function supply(supplies: string, folder: string, text: string): void {
  for (const name of readdirSync(supplies)) {
    if (!mentions(text, name) || existsSync(folder + name)) continue;
    cpSync(supplies + name, folder + name, { recursive: true });
  }
}

function mentions(text: string, name: string): boolean {
  return text.split(/[\s'"`=(),]+/).some((word) => word === name || word.startsWith(`${name}/`));
}

function labelledSlices({ volume, infection }: Phantom): LabelledSlice[] {
  const masks = [...toSlices({ ...volume, voxels: infection.map((value) => 255 * value), unit: 'grey' })];
  return [...toSlices(volume)].map((slice, z) => {
    const mask = masks[z]!;
    const data = Uint8Array.from(mask.data, (value) => (value > 127 ? 255 : 0));
    return { image: encodePng(slice), mask: encodePng({ ...mask, data }) };
  });
}

async function writeVolumes(folder: string, phantom: Phantom): Promise<void> {
  for (const name of ['scans', 'volumes', 'masks']) mkdirSync(folder + name);
  await writeVolume(`${folder}scan.nii.gz`, phantom.volume);
  for (const seed of [3, 4, 5]) {
    const { volume, infection } = createPhantom({ seed, dims: [48, 48, 3] });
    await writeVolume(`${folder}scans/${seed}.nii.gz`, volume);
    await writeVolume(`${folder}volumes/${seed}.nii.gz`, volume);
    await writeMask(`${folder}masks/${seed}.nii.gz`, infection, volume);
  }
}

/** A narrow Inf-Net under every name that a page gives a model, and a file with the names of the ImageNet backbone. */
async function writeModels(folder: string, put: (name: string, bytes: Uint8Array) => void): Promise<void> {
  await selectBackend('cpu');
  using model = InfNet.create({ width: 0.125, channels: 8, blocks: [1, 1, 1, 1], seed: 3 });
  put('Inf-Net-100.pth', writePytorchCheckpoint(await model.stateDict()));
  for (const name of ['runs/first/model', 'run/best', 'inf-net']) {
    mkdirSync(dirname(`${folder}${name}`), { recursive: true });
    await model.save(`${folder}${name}.safetensors`, { metadata: { 'infnet.size': '64' } });
  }
  using whole = InfNet.create();
  const imageNet: StateDict = new Map();
  for (const [name, tensor] of await whole.stateDict()) {
    if (name.startsWith('resnet.')) imageNet.set(name.slice('resnet.'.length), tensor);
  }
  put('res2net50_v1b_26w_4s.pth', writePytorchCheckpoint(imageNet));
}
