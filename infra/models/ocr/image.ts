/** A decoded picture: four bytes a pixel (red, green, blue, alpha), row by row. */
export type Picture = { width: number; height: number; data: Uint8Array };

export type Point = readonly [x: number, y: number];

/** A rectangle in any direction, its corners clockwise from the one that the text begins at. */
export type Box = readonly [Point, Point, Point, Point];

/** Three planes (blue, green, red: the order that the models were trained with) of `width` × `height`, 0–255. */
export type Planes = { width: number; height: number; data: Float32Array };

/**
 * Cuts `box` out of a picture and scales it to `width` × `height`. Where that shrinks it, each result is the mean
 * of several samples, so that thin strokes don't vanish. What is transparent is white, like paper; what lies
 * outside the picture repeats its edge.
 */
export function cut(picture: Picture, box: Box, width: number, height: number): Planes {
  const [origin, right, , down] = box;
  const stepX: Point = [(right[0] - origin[0]) / width, (right[1] - origin[1]) / width];
  const stepY: Point = [(down[0] - origin[0]) / height, (down[1] - origin[1]) / height];
  const perX = Math.max(1, Math.round(Math.hypot(...stepX)));
  const perY = Math.max(1, Math.round(Math.hypot(...stepY)));
  const plane = width * height;
  const data = new Float32Array(plane * 3);
  const sum = new Float64Array(3);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      sum.fill(0);
      for (let sub = 0; sub < perX * perY; sub++) {
        const alongX = x + ((sub % perX) + 0.5) / perX;
        const alongY = y + (Math.floor(sub / perX) + 0.5) / perY;
        addSample(
          picture,
          origin[0] + stepX[0] * alongX + stepY[0] * alongY - 0.5,
          origin[1] + stepX[1] * alongX + stepY[1] * alongY - 0.5,
          sum,
        );
      }
      const at = y * width + x;
      for (let channel = 0; channel < 3; channel++) {
        data[channel * plane + at] = sum[2 - channel]! / (perX * perY);
      }
    }
  }
  return { width, height, data };
}

/** Adds the colour at (x, y), weighed between the four pixels around it. */
function addSample(picture: Picture, x: number, y: number, sum: Float64Array): void {
  const { width, height, data } = picture;
  const cx = Math.min(Math.max(x, 0), width - 1);
  const cy = Math.min(Math.max(y, 0), height - 1);
  const left = Math.floor(cx);
  const top = Math.floor(cy);
  const [fx, fy] = [cx - left, cy - top];
  for (let corner = 0; corner < 4; corner++) {
    const weight = (corner & 1 ? fx : 1 - fx) * (corner & 2 ? fy : 1 - fy);
    if (weight === 0) continue;
    const at = ((top + (corner >> 1)) * width + left + (corner & 1)) * 4;
    const opaque = data[at + 3]! / 255;
    for (let channel = 0; channel < 3; channel++) {
      sum[channel]! += weight * (data[at + channel]! * opaque + 255 * (1 - opaque));
    }
  }
}

/** The whole picture as a box. */
export function wholeOf({ width, height }: Picture): Box {
  return [
    [0, 0],
    [width, 0],
    [width, height],
    [0, height],
  ];
}
