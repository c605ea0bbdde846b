/** Copies `count` channels of each pixel, from `fromFirst` of `fromChannels` on, to `toFirst` of `toChannels` and on. */
export function copyChannels(
  from: usize,
  fromChannels: i32,
  fromFirst: i32,
  to: usize,
  toChannels: i32,
  toFirst: i32,
  count: i32,
  pixels: i32,
): void {
  from += fromFirst << 2;
  to += toFirst << 2;
  for (let pixel = 0; pixel < pixels; pixel++) {
    let channel = 0;
    for (; channel + 4 <= count; channel += 4) {
      v128.store(to + (channel << 2), v128.load(from + (channel << 2)));
    }
    for (; channel < count; channel++) {
      store<f32>(to + (channel << 2), load<f32>(from + (channel << 2)));
    }
    from += fromChannels << 2;
    to += toChannels << 2;
  }
}
