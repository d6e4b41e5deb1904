/** From where a model is looked at. */
import { Box3, Sphere, Vector3, type Object3D, type PerspectiveCamera } from "three";
import type { DisplayMode } from "./reading";

export interface Look {
  display_mode?: DisplayMode | null;
  clear_color?: number[] | null;
  camera_position?: (number | null)[] | null;
  zoom_speed?: number;
  pan_speed?: number;
}

/** Where the camera stands: degrees around the model (90 is before it), degrees from above, distance. */
export function placed(position: (number | null)[], fitting: number): Vector3 {
  const [around, above, distance] = position;
  const alpha = ((around ?? 90) * Math.PI) / 180;
  const beta = Math.min(Math.max(((above ?? 75) * Math.PI) / 180, 0.001), Math.PI - 0.001);
  const radius = distance ?? fitting;
  return new Vector3(
    -Math.cos(alpha) * Math.sin(beta),
    Math.cos(beta),
    Math.sin(alpha) * Math.sin(beta),
  ).multiplyScalar(radius);
}

/** Lets a camera look at a model from there; gives the ball that the model fills. */
export function lookAt(camera: PerspectiveCamera, model: Object3D, position: (number | null)[]): Sphere {
  const ball = new Box3().setFromObject(model).getBoundingSphere(new Sphere());
  if (!(ball.radius > 0)) ball.radius = 1;
  const fitting = (1.2 * ball.radius) / Math.sin((camera.fov * Math.PI) / 360);
  Object.assign(camera, { near: ball.radius / 500, far: ball.radius * 500 });
  camera.position.copy(ball.center).add(placed(position, fitting));
  camera.lookAt(ball.center);
  camera.updateProjectionMatrix();
  return ball;
}
