/** Draws a model with three, from where the visitor wants to look at it. Loaded when the first model is shown. */
import {
  Color,
  DirectionalLight,
  HemisphereLight,
  PerspectiveCamera,
  Scene as ThreeScene,
  Spherical,
  Vector3,
  WebGLRenderer,
  type Mesh,
  type Object3D,
} from "three";
import { OrbitControls } from "three/addons/controls/OrbitControls.js";
import { lookAt, type Look } from "./looking";
import { described, read, shownAs } from "./reading";

/** Radians that one press of an arrow key turns the model. */
const TURN = Math.PI / 24;

export function hasWebGL(): boolean {
  return !!document.createElement("canvas").getContext("webgl2");
}

export class Scene {
  private readonly renderer = new WebGLRenderer({ antialias: true, alpha: true });
  private readonly scene = new ThreeScene();
  private readonly camera = new PerspectiveCamera(45, 1, 0.01, 1000);
  private readonly controls = new OrbitControls(this.camera, this.renderer.domElement);
  private readonly watching = new ResizeObserver(() => this.fit());
  private source: Object3D | null = null;
  private model: Object3D | null = null;
  private look: Look = {};
  private radius = 1;
  private due = 0;

  constructor(private readonly box: HTMLElement) {
    const lamp = new DirectionalLight(0xffffff, 2);
    lamp.position.set(0.5, 1, 1);
    this.camera.add(lamp);
    this.scene.add(new HemisphereLight(0xffffff, 0x777788, 1.5), this.camera);
    this.controls.addEventListener("change", () => this.draw());
    this.renderer.setPixelRatio(Math.min(devicePixelRatio, 2));
    box.append(this.renderer.domElement);
    this.watching.observe(box);
  }

  /** Reads a model and shows it; gives what there is in it, in words. */
  async show(content: ArrayBuffer, kind: string, look: Look): Promise<string> {
    this.source = await read(content, kind);
    this.style(look, true);
    return described(this.source);
  }

  /** Shows the model in another way; `anew` also looks at it from the first place. */
  style(look: Look, anew = false): void {
    this.look = look;
    const [red, green, blue, seen] = look.clear_color ?? [0, 0, 0, 0];
    this.renderer.setClearColor(new Color(red, green, blue), seen);
    this.controls.zoomSpeed = look.zoom_speed ?? 1;
    this.controls.panSpeed = look.pan_speed ?? 1;
    if (this.model) this.scene.remove(this.model);
    this.model = this.source && shownAs(this.source, look.display_mode ?? "solid");
    if (this.model) this.scene.add(this.model);
    if (anew) this.reset();
    this.fit();
  }

  /** Looks at the model from where it was looked at first. */
  reset(): void {
    if (!this.model) return;
    const ball = lookAt(this.camera, this.model, this.look.camera_position ?? [null, null, null]);
    this.radius = ball.radius;
    this.controls.target.copy(ball.center);
    this.controls.update();
    this.draw();
  }

  /** Arrows turn it, with Shift they move it; plus and minus come nearer and go away, Home looks as at first. */
  press(event: KeyboardEvent): boolean {
    const sides = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] } as const;
    const side = sides[event.key as keyof typeof sides];
    if (side && event.shiftKey) this.pan(side[0], side[1]);
    else if (side) this.turn(side[0], side[1]);
    else if (event.key === "+" || event.key === "=") this.zoom(1 / 1.1);
    else if (event.key === "-") this.zoom(1.1);
    else if (event.key === "Home") this.reset();
    else return false;
    this.controls.update();
    this.draw();
    return true;
  }

  /** Where it is looked at from: degrees around, degrees from above, distance. */
  get view(): [number, number, number] {
    const { radius, phi, theta } = this.spherical();
    return [90 + (theta * 180) / Math.PI, (phi * 180) / Math.PI, radius];
  }

  close(): void {
    cancelAnimationFrame(this.due);
    this.watching.disconnect();
    this.controls.dispose();
    this.source?.traverse((each) => (each as Mesh).geometry?.dispose());
    this.renderer.dispose();
    this.renderer.forceContextLoss();
    this.renderer.domElement.remove();
  }

  private spherical(): Spherical {
    return new Spherical().setFromVector3(this.camera.position.clone().sub(this.controls.target));
  }

  private turn(x: number, y: number): void {
    const at = this.spherical();
    at.theta += x * TURN;
    at.phi += y * TURN;
    at.makeSafe();
    this.camera.position.setFromSpherical(at).add(this.controls.target);
  }

  private pan(x: number, y: number): void {
    const step = (this.controls.panSpeed * this.radius) / 10;
    const side = new Vector3().setFromMatrixColumn(this.camera.matrix, 0).multiplyScalar(-x * step);
    side.add(new Vector3().setFromMatrixColumn(this.camera.matrix, 1).multiplyScalar(y * step));
    this.camera.position.add(side);
    this.controls.target.add(side);
  }

  private zoom(factor: number): void {
    const from = this.camera.position.clone().sub(this.controls.target);
    this.camera.position
      .copy(this.controls.target)
      .add(from.multiplyScalar(factor ** this.controls.zoomSpeed));
  }

  private fit(): void {
    const { clientWidth: width, clientHeight: height } = this.box;
    if (!width || !height) return;
    this.renderer.setSize(width, height, false);
    this.camera.aspect = width / height;
    this.camera.updateProjectionMatrix();
    this.draw();
  }

  /** Once in the next frame, and only when something has changed. */
  private draw(): void {
    cancelAnimationFrame(this.due);
    this.due = requestAnimationFrame(() => {
      this.renderer.render(this.scene, this.camera);
      this.box.dataset.camera = this.view.map((each) => +each.toFixed(2)).join(" ");
    });
  }
}
