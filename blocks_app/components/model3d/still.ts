/** A still picture of a model, drawn without WebGL: its triangles, shaded, from behind to the front. */
import { Color, PerspectiveCamera, Points, Vector3, type Material, type Mesh, type Object3D } from "three";
import { lookAt, type Look } from "./looking";

/** Triangles and points that are drawn; of more, every second, third … one. */
const MOST = 60_000;

/** A triangle or a point as it is seen: its corners in pixels, its colour, and how far away it is. */
export interface Face {
  corners: [number, number][];
  color: string;
  depth: number;
}

/** What is seen of a model in a picture of this size, the farthest first. */
export function faces(model: Object3D, look: Look, width: number, height: number): Face[] {
  const camera = new PerspectiveCamera(45, width / height);
  lookAt(camera, model, look.camera_position ?? [null, null, null]);
  camera.updateMatrixWorld(true);
  model.updateMatrixWorld(true);
  const found: Face[] = [];
  model.traverse((each) => {
    const { geometry } = each as Mesh;
    const place = geometry?.getAttribute("position");
    if (!place) return;
    const size = each instanceof Points ? 1 : 3;
    const index = size === 3 ? geometry.getIndex() : null;
    const count = Math.floor((index?.count ?? place.count) / size);
    const step = Math.max(1, Math.ceil(count / MOST));
    const color = colors(each as Mesh);
    for (let i = 0; i < count; i += step) {
      const numbers = Array.from({ length: size }, (_, k) => index?.getX(i * size + k) ?? i * size + k);
      const corners = numbers.map((n) =>
        new Vector3().fromBufferAttribute(place, n).applyMatrix4(each.matrixWorld),
      );
      const face = seen(corners, camera, width, height, color(numbers[0]));
      if (face) found.push(face);
    }
  });
  return found.sort((a, b) => b.depth - a.depth);
}

function seen(
  corners: Vector3[],
  camera: PerspectiveCamera,
  width: number,
  height: number,
  color: Color,
): Face | null {
  const shade = corners.length < 3 ? 1 : 0.35 + 0.65 * facing(corners, camera);
  const there = corners.map((corner) => corner.clone().project(camera));
  if (there.some(({ z }) => !(Math.abs(z) <= 1))) return null;
  return {
    corners: there.map(({ x, y }) => [((x + 1) / 2) * width, ((1 - y) / 2) * height]),
    color: color.clone().multiplyScalar(shade).getStyle(),
    depth: there.reduce((sum, { z }) => sum + z, 0) / there.length,
  };
}

/** How much a triangle is turned to where it is looked at from: from 0, seen from its edge, to 1. */
function facing([a, b, c]: Vector3[], camera: PerspectiveCamera): number {
  const normal = b.clone().sub(a).cross(c.clone().sub(a)).normalize();
  return Math.abs(normal.dot(camera.position.clone().sub(a).normalize())) || 0;
}

/** The colour of a corner: its own, or that of what it is made of. */
function colors(each: Mesh): (corner: number) => Color {
  const own = each.geometry.getAttribute("color");
  const material = [each.material].flat()[0] as (Material & { color?: Color }) | undefined;
  const whole = material?.color ?? new Color(0xb0b4ba);
  return (corner) => (own && material?.vertexColors ? new Color().fromBufferAttribute(own, corner) : whole);
}

/** Draws it on a canvas of this size. */
export function drawStill(canvas: HTMLCanvasElement, model: Object3D, look: Look): void {
  const pen = canvas.getContext("2d");
  const { width, height } = canvas;
  if (!pen || !width || !height) return;
  const [red, green, blue, opaque] = look.clear_color ?? [0, 0, 0, 0];
  pen.clearRect(0, 0, width, height);
  pen.fillStyle = `rgb(${red * 255} ${green * 255} ${blue * 255} / ${opaque})`;
  pen.fillRect(0, 0, width, height);
  for (const { corners, color } of faces(model, look, width, height)) {
    pen.fillStyle = pen.strokeStyle = color;
    if (corners.length < 3 || look.display_mode === "point_cloud") {
      for (const [x, y] of corners) pen.fillRect(x - 1, y - 1, 2, 2);
      continue;
    }
    pen.beginPath();
    corners.forEach(([x, y]) => pen.lineTo(x, y));
    pen.closePath();
    if (look.display_mode !== "wireframe") pen.fill();
    pen.stroke(); // without it the seams between neighbours are seen
  }
}
