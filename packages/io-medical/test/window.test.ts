import { describe, expect, it } from 'vitest';
import { CT_WINDOWS, type WindowName, windowToUint8 } from '../src/window.js';

describe('windowToUint8', () => {
  it('maps the lung window by default: -1350 to black, 150 to white', () => {
    expect([...windowToUint8(Int16Array.of(-3000, -1350, -1347, -600, 150, 2000))]).toEqual([
      0, 0, 1, 128, 255, 255,
    ]);
  });

  it('takes a name or centre and width', () => {
    const voxels = Float32Array.of(-160, 40, 240);
    expect([...windowToUint8(voxels, 'mediastinum')]).toEqual([0, 128, 255]);
    expect(windowToUint8(voxels, CT_WINDOWS.mediastinum)).toEqual(windowToUint8(voxels, 'mediastinum'));
    expect([...windowToUint8(voxels, { center: 40, width: 800 })]).toEqual([64, 128, 191]);
  });

  it('refuses unknown names and empty windows', () => {
    for (const window of ['liver' as WindowName, { center: 0, width: 0 }, { center: NaN, width: 1 }]) {
      expect(() => windowToUint8(new Int16Array(1), window)).toThrow(
        expect.objectContaining({ name: 'ImageFormatError', code: 'invalid-option' }),
      );
    }
  });
});
