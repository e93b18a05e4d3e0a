import type { Box } from "./image.ts";

/** Orders boxes as one reads them: row by row from the top, each row from the left. */
export function inReadingOrder(boxes: readonly Box[]): Box[] {
  const placed = boxes.map((box) => {
    const xs = box.map(([x]) => x);
    const ys = box.map(([, y]) => y);
    const [top, bottom] = [Math.min(...ys), Math.max(...ys)];
    return { box, left: Math.min(...xs), middle: (top + bottom) / 2, height: bottom - top };
  });
  placed.sort((a, b) => a.middle - b.middle);
  const rows: (typeof placed)[] = [];
  for (const item of placed) {
    const row = rows.at(-1);
    const first = row?.[0];
    if (row && first && item.middle - first.middle < Math.min(first.height, item.height) / 2) row.push(item);
    else rows.push([item]);
  }
  return rows.flatMap((row) => row.sort((a, b) => a.left - b.left).map(({ box }) => box));
}
