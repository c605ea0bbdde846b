/**
 * Batch norm's sums over pixels, in double precision, and its gradient for the input. Tensors are [pixels,channels], what belongs to a
 * channel is [channels]; two channels are added up at once.
 */

/** Means and biased variances of the channels; `sums` is scratch for as many doubles. */
export function moments(
  x: usize,
  pixels: i32,
  channels: i32,
  sums: usize,
  mean: usize,
  variance: usize,
): void {
  memory.fill(sums, 0, channels << 3);
  let from = x;
  for (let pixel = 0; pixel < pixels; pixel++) {
    let channel = 0;
    for (; channel + 2 <= channels; channel += 2) {
      add(sums + (channel << 3), f64x2.promote_low_f32x4(v128.load64_zero(from + (channel << 2))));
    }
    if (channel < channels) addLast(sums + (channel << 3), load<f32>(from + (channel << 2)));
    from += channels << 2;
  }
  divide(sums, channels, pixels, mean);
  memory.fill(sums, 0, channels << 3);
  from = x;
  for (let pixel = 0; pixel < pixels; pixel++) {
    let channel = 0;
    for (; channel + 2 <= channels; channel += 2) {
      const at = channel << 2;
      const away = f64x2.promote_low_f32x4(
        f32x4.sub(v128.load64_zero(from + at), v128.load64_zero(mean + at)),
      );
      add(sums + (channel << 3), f64x2.mul(away, away));
    }
    if (channel < channels) {
      const away = load<f32>(from + (channel << 2)) - load<f32>(mean + (channel << 2));
      addLast(sums + (channel << 3), away * away);
    }
    from += channels << 2;
  }
  divide(sums, channels, pixels, variance);
}

/** What the gradients of a batch norm are made of; TypeScript writes it field by field, in this order. */
@unmanaged
class Gradients {
  /** The gradient of its output, and the output, if a ReLU is behind it, or 0. */
  dy: usize;
  y: usize;
  /** Its input, and that one's means. */
  x: usize;
  mean: usize;
  pixels: i32;
  channels: i32;
  /** For `gradientMoments`: scratch for twice as many doubles as channels, and where the two means go. */
  sums: usize;
  meanGradient: usize;
  meanProduct: usize;
  /** For `normInputGradient`: factors of the gradient and of the centred input, a summand, and where the result goes. */
  ofGradient: usize;
  ofCentred: usize;
  summand: usize;
  dx: usize;
}

/** Means, over the pixels, of the gradient and of its product with the centred input. */
export function gradientMoments(job: Gradients): void {
  const channels = job.channels;
  const products = job.sums + (channels << 3);
  memory.fill(job.sums, 0, channels << 4);
  let offset = 0;
  for (let pixel = 0; pixel < job.pixels; pixel++) {
    let channel = 0;
    for (; channel + 2 <= channels; channel += 2) {
      const at = channel << 2;
      let d = v128.load64_zero(job.dy + offset + at);
      if (job.y != 0) d = v128.and(d, f32x4.gt(v128.load64_zero(job.y + offset + at), f32x4.splat(0)));
      const centred = f32x4.sub(v128.load64_zero(job.x + offset + at), v128.load64_zero(job.mean + at));
      const wide = f64x2.promote_low_f32x4(d);
      add(job.sums + (channel << 3), wide);
      add(products + (channel << 3), f64x2.mul(wide, f64x2.promote_low_f32x4(centred)));
    }
    if (channel < channels) {
      const at = channel << 2;
      const open = job.y == 0 || load<f32>(job.y + offset + at) > 0;
      const d: f32 = open ? load<f32>(job.dy + offset + at) : 0;
      addLast(job.sums + (channel << 3), d);
      addLast(products + (channel << 3), d * (load<f32>(job.x + offset + at) - load<f32>(job.mean + at)));
    }
    offset += channels << 2;
  }
  divide(job.sums, channels, job.pixels, job.meanGradient);
  divide(products, channels, job.pixels, job.meanProduct);
}

/** `ofGradient * d + ofCentred * (x - mean) + summand`, where d is the gradient before the ReLU. */
export function normInputGradient(job: Gradients): void {
  let offset = 0;
  for (let pixel = 0; pixel < job.pixels; pixel++) {
    let channel = 0;
    for (; channel + 4 <= job.channels; channel += 4) {
      const at = channel << 2;
      let d = v128.load(job.dy + offset + at);
      if (job.y != 0) d = v128.and(d, f32x4.gt(v128.load(job.y + offset + at), f32x4.splat(0)));
      const centred = f32x4.sub(v128.load(job.x + offset + at), v128.load(job.mean + at));
      const ofX = f32x4.relaxed_madd(v128.load(job.ofCentred + at), centred, v128.load(job.summand + at));
      v128.store(job.dx + offset + at, f32x4.relaxed_madd(v128.load(job.ofGradient + at), d, ofX));
    }
    for (; channel < job.channels; channel++) {
      const at = channel << 2;
      const open = job.y == 0 || load<f32>(job.y + offset + at) > 0;
      const d: f32 = open ? load<f32>(job.dy + offset + at) : 0;
      const centred = load<f32>(job.x + offset + at) - load<f32>(job.mean + at);
      const ofX = load<f32>(job.ofCentred + at) * centred + load<f32>(job.summand + at);
      store<f32>(job.dx + offset + at, load<f32>(job.ofGradient + at) * d + ofX);
    }
    offset += job.channels << 2;
  }
}

function add(sum: usize, more: v128): void {
  v128.store(sum, f64x2.add(v128.load(sum), more));
}

function addLast(sum: usize, more: f32): void {
  store<f64>(sum, load<f64>(sum) + <f64>more);
}

function divide(sums: usize, channels: i32, count: i32, means: usize): void {
  for (let channel = 0; channel < channels; channel++) {
    store<f32>(means + (channel << 2), <f32>(load<f64>(sums + (channel << 3)) / <f64>count));
  }
}
