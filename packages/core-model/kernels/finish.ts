/** What becomes of a convolution's sums; TypeScript writes it field by field, in this order. */
@unmanaged
export class Finish {
  /** [pixels,outputs] */
  output: usize;
  outputs: i32;
  /** [outputs] or 0. */
  bias: usize;
  /** A factor for each pixel, before the bias, or 0. */
  gate: usize;
  /** Added after the bias, of the output's shape, or 0. */
  residual: usize;
  relu: i32;
}

/** Takes `lanes` sums of a pixel, those of the outputs from `output` on, to their place. */
export function finishPixel(job: Finish, sums: usize, pixel: i32, output: i32, lanes: i32): void {
  const offset = (pixel * job.outputs + output) << 2;
  const gate = job.gate != 0 ? load<f32>(job.gate + (pixel << 2)) : 1;
  let lane = 0;
  for (; lane + 4 <= lanes; lane += 4) {
    const at = lane << 2;
    let sum = f32x4.mul(v128.load(sums + at), f32x4.splat(gate));
    if (job.bias != 0) sum = f32x4.add(sum, v128.load(job.bias + (output << 2) + at));
    if (job.residual != 0) sum = f32x4.add(sum, v128.load(job.residual + offset + at));
    if (job.relu) sum = f32x4.pmax(sum, f32x4.splat(0));
    v128.store(job.output + offset + at, sum);
  }
  for (; lane < lanes; lane++) {
    const at = lane << 2;
    let sum = load<f32>(sums + at) * gate;
    if (job.bias != 0) sum += load<f32>(job.bias + (output << 2) + at);
    if (job.residual != 0) sum += load<f32>(job.residual + offset + at);
    if (job.relu && sum < 0) sum = 0;
    store<f32>(job.output + offset + at, sum);
  }
}
