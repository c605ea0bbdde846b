import * as tf from '@tensorflow/tfjs';
import '@tensorflow/tfjs-backend-wasm';
import { beforeAll, describe, expect, it } from 'vitest';
import { readGoldenTensors } from '../../../core-model/test/golden-files.js';
import { classLoss, type ClassLoss } from '../../src/index.js';
import { shiftBackground } from '../../src/multi-class/class-objective.js';

const SHAPE = [2, 3, 4, 3] as const;
const PIXELS = SHAPE[0] * SHAPE[1] * SHAPE[2];
const logits = Float32Array.from({ length: 3 * PIXELS }, (_, i) => Math.sin(1 + 2.3 * i) * 3);
const labels = Array.from({ length: PIXELS }, (_, i) => (7 * i) % 3);
const truth = Float32Array.from({ length: 3 * PIXELS }, (_, i) =>
  labels[Math.floor(i / 3)] === i % 3 ? 1 : 0,
);

/** Written out in double precision, pixel by pixel. */
function expected(loss: ClassLoss): number {
  const rows = labels.map((_, i) => [...logits.subarray(3 * i, 3 * i + 3)]);
  if (loss === 'reference') {
    const terms = [...logits].map(
      (x, i) => Math.log1p(Math.exp(-Math.abs(x))) + Math.max(x, 0) - x * truth[i]!,
    );
    return terms.reduce((sum, term) => sum + term, 0) / terms.length;
  }
  const p = rows.map((row) => {
    const powers = row.map(Math.exp);
    return powers.map((power) => power / powers.reduce((sum, one) => sum + one, 0));
  });
  const entropy = p.reduce((sum, row, i) => sum - Math.log(row[labels[i]!]!), 0) / PIXELS;
  if (loss === 'cross-entropy') return entropy;
  const dice: number[] = [];
  for (const image of [0, 1]) {
    for (const c of [0, 1]) {
      const inside = p.slice((image * PIXELS) / 2, ((image + 1) * PIXELS) / 2);
      const own = labels.slice((image * PIXELS) / 2, ((image + 1) * PIXELS) / 2);
      const both = inside.reduce((sum, row, i) => sum + (own[i] === c ? row[c]! : 0), 0);
      const all = inside.reduce((sum, row, i) => sum + row[c]! + (own[i] === c ? 1 : 0), 0);
      dice.push(1 - (2 * both) / all);
    }
  }
  return entropy + dice.reduce((sum, one) => sum + one, 0) / dice.length;
}

describe.each(['wasm', 'cpu'])('on %s', (backend) => {
  beforeAll(async () => {
    expect(await tf.setBackend(backend)).toBe(true);
  });

  it.each(['cross-entropy-dice', 'cross-entropy', 'reference'] as const)(
    '%s is its formula, and its gradient the difference quotient',
    async (loss) => {
      const of = (values: Float32Array): tf.Scalar =>
        classLoss(tf.tensor4d(values, [...SHAPE]), tf.tensor4d(truth, [...SHAPE]), loss);
      expect((await of(logits).data())[0]).toBeCloseTo(expected(loss), 5);
      const gradient = await tf
        .grad((x: tf.Tensor) => classLoss(x as tf.Tensor4D, tf.tensor4d(truth, [...SHAPE]), loss))(
          tf.tensor4d(logits, [...SHAPE]),
        )
        .data();
      for (const i of [0, 5, 17, 40, 71]) {
        const moved = (by: number): number => {
          const values = logits.map((value, at) => (at === i ? value + by : value));
          return of(values).dataSync()[0]!;
        };
        expect(gradient[i]).toBeCloseTo((moved(0.02) - moved(-0.02)) / 0.04, 4);
      }
    },
  );

  it('puts the background one pixel off as the released code does', async () => {
    const golden = readGoldenTensors('primitives.safetensors');
    const codes = golden.tensor('mc.label_u8');
    const [height, width] = codes.shape as [number, number];
    const grey = [75, 38, 0]; // channel 0 is 38, 1 is 75, 2 the background
    const plain = Float32Array.from({ length: 3 * codes.data.length }, (_, i) => {
      const code = Number(codes.data[Math.floor(i / 3)]);
      return code === [grey[1], grey[0], grey[2]][i % 3] ? 1 : 0;
    });
    const shifted = shiftBackground(tf.tensor4d(plain, [1, height, width, 3]));
    const nchw = await tf.transpose(shifted, [0, 3, 1, 2]).data();
    expect([...nchw]).toEqual([...golden.tensor('mc.onehot_released').data].map(Number));
  });
});
