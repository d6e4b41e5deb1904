/** Points of pictures: `import { pixelAt } from "blocks/picking"`. */

/** The pixel of the picture itself under the pointer; null beside it, where the frame is larger than the picture. */
export function pixelAt(image: HTMLImageElement, event: MouseEvent): [number, number] | null {
  const box = image.getBoundingClientRect();
  const { naturalWidth, naturalHeight } = image;
  const scale = Math.min(box.width / naturalWidth, box.height / naturalHeight);
  const x = (event.clientX - box.left - (box.width - naturalWidth * scale) / 2) / scale;
  const y = (event.clientY - box.top - (box.height - naturalHeight * scale) / 2) / scale;
  const inside = x >= 0 && y >= 0 && x < naturalWidth && y < naturalHeight;
  return inside ? [Math.floor(x), Math.floor(y)] : null;
}
