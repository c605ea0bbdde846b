import { describe, expect, it } from 'vitest';
import { nameSystems } from '../../src/evaluate/systems.js';

describe('names of systems', () => {
  it('are given, or the folder, or the folder with its parent', () => {
    expect(nameSystems(['ours=a/b/maps', 'x/UNet'])).toEqual([
      { name: 'ours', folder: 'a/b/maps' },
      { name: 'UNet', folder: 'x/UNet' },
    ]);
    expect(nameSystems(['run1/maps', 'run2/maps/']).map(({ name }) => name)).toEqual([
      'run1/maps',
      'run2/maps',
    ]);
  });

  it('may hold an equals sign in the folder', () => {
    expect(nameSystems(['./lr=0.1/maps'])).toEqual([{ name: 'maps', folder: './lr=0.1/maps' }]);
  });

  it('are not used twice', () => {
    expect(() => nameSystems(['a=x', 'a=y'])).toThrow('two systems are called "a"');
  });
});
