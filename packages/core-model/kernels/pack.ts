/** Output channels that the kernels compute at once. */
export const LANES: i32 = 8;

/** [rows,columns] to [ceil(columns/8),rows,8], filled up with zeros. */
export function pack(matrix: usize, rows: i32, columns: i32, packed: usize): void {
  for (let column = 0; column < columns; column += LANES) {
    const lanes = min(LANES, columns - column);
    let from = matrix + (column << 2);
    for (let row = 0; row < rows; row++) {
      if (lanes == LANES) {
        v128.store(packed, v128.load(from));
        v128.store(packed, v128.load(from, 16), 16);
      } else {
        memory.fill(packed, 0, LANES << 2);
        memory.copy(packed, from, lanes << 2);
      }
      from += columns << 2;
      packed += LANES << 2;
    }
  }
}

/** The kernel of the adjoint convolution, [taps,inputs,outputs] to [ceil(inputs/8),taps,outputs,8], the last tap first. */
export function packAdjoint(kernel: usize, taps: i32, inputs: i32, outputs: i32, packed: usize): void {
  for (let input = 0; input < inputs; input += LANES) {
    const lanes = min(LANES, inputs - input);
    for (let tap = taps - 1; tap >= 0; tap--) {
      const from = kernel + (((tap * inputs + input) * outputs) << 2);
      if (lanes < LANES) memory.fill(packed, 0, (outputs * LANES) << 2);
      for (let lane = 0; lane < lanes; lane++) {
        let source = from + ((lane * outputs) << 2);
        let target = packed + (lane << 2);
        for (let output = 0; output < outputs; output++) {
          store<f32>(target, load<f32>(source));
          source += 4;
          target += LANES << 2;
        }
      }
      packed += (outputs * LANES) << 2;
    }
  }
}
