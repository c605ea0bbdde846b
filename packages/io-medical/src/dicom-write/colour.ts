/**
 * A colour as DICOM recommends it for display: CIE L*a*b* under D50 in 16 bits (PS3.3 C.10.7.1.1).
 *
 * @param colour sRGB red, green and blue, 0..255
 */
export function dicomLab(colour: readonly [number, number, number]): [number, number, number] {
  const [r, g, b] = colour.map((value) => {
    const share = value / 255;
    return share <= 0.040_45 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  // sRGB to XYZ under D50 (Bradford), relative to its white.
  const x = (0.436_074_7 * r + 0.385_064_9 * g + 0.143_080_4 * b) / 0.964_22;
  const y = 0.222_504_5 * r + 0.716_878_6 * g + 0.060_616_9 * b;
  const z = (0.013_932_2 * r + 0.097_104_5 * g + 0.714_173_3 * b) / 0.825_21;
  const curve = (t: number): number => (t > 216 / 24_389 ? Math.cbrt(t) : ((24_389 / 27) * t + 16) / 116);
  const [fx, fy, fz] = [curve(x), curve(y), curve(z)];
  return [
    Math.round(((116 * fy - 16) / 100) * 65_535),
    Math.round(((500 * (fx - fy) + 128) / 255) * 65_535),
    Math.round(((200 * (fy - fz) + 128) / 255) * 65_535),
  ];
}
