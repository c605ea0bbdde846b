/** An image file in grey, 0 ... 255, cut to whole multiples of what the network takes. */
export async function greyOf(file, multiple) {
  const bitmap = await createImageBitmap(file);
  const [width, height] = [bitmap.width, bitmap.height].map((side) => side - (side % multiple));
  const context = new OffscreenCanvas(width, height).getContext('2d');
  context.drawImage(bitmap, 0, 0);
  const { data } = context.getImageData(0, 0, width, height); // red, green, blue, opacity
  const grey = Uint8Array.from({ length: width * height }, (_, i) => data[4 * i]);
  return { grey, width, height };
}

/** The slice, with what the network marks in red; gives the marked share of the pixels. */
export function draw(canvas, grey, probability, width, height) {
  Object.assign(canvas, { width, height });
  const picture = new ImageData(width, height);
  let marked = 0;
  grey.forEach((value, i) => {
    const isMarked = probability[i] >= 0.5;
    if (isMarked) marked++;
    picture.data.set(isMarked ? [255, value, value, 255] : [value, value, value, 255], 4 * i);
  });
  canvas.getContext('2d').putImageData(picture, 0, 0);
  return marked / grey.length;
}
