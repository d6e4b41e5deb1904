/** Which part of the picture is seen, and how large: a point of the picture is at `x + scale * itsX` of the stage. */
export interface View {
  scale: number;
  x: number;
  y: number;
}

export interface Size {
  width: number;
  height: number;
}

const LARGEST = 32;

/** All of the picture, as large as there is room for it. */
export function fitting(picture: Size, stage: Size): View {
  const scale = Math.min(LARGEST, stage.width / picture.width, stage.height / picture.height) || 1;
  return settled({ scale, x: 0, y: 0 }, picture, stage);
}

/** Larger or smaller by a factor, with the point of the stage at (x, y) staying where it is. */
export function zoomed(
  view: View,
  by: number,
  at: { x: number; y: number },
  picture: Size,
  stage: Size,
): View {
  const least = Math.min(0.5, fitting(picture, stage).scale / 2);
  const scale = Math.min(LARGEST, Math.max(least, view.scale * by));
  const share = scale / view.scale;
  return settled(
    { scale, x: at.x - (at.x - view.x) * share, y: at.y - (at.y - view.y) * share },
    picture,
    stage,
  );
}

export function moved(view: View, dx: number, dy: number, picture: Size, stage: Size): View {
  return settled({ ...view, x: view.x + dx, y: view.y + dy }, picture, stage);
}

/** In the middle where there is room for all of it, else without a gap at any side. */
function settled({ scale, x, y }: View, picture: Size, stage: Size): View {
  const place = (at: number, length: number, room: number): number =>
    length <= room ? (room - length) / 2 : Math.min(0, Math.max(room - length, at));
  return {
    scale,
    x: place(x, picture.width * scale, stage.width),
    y: place(y, picture.height * scale, stage.height),
  };
}
