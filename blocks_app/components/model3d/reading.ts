/** Files of models, as what three draws: nothing is asked for anywhere, so the page's policy holds. */
import { t } from "blocks";
import { tn } from "blocks/counting";
import {
  BufferAttribute,
  BufferGeometry,
  Group,
  Mesh,
  MeshStandardMaterial,
  Points,
  PointsMaterial,
  TextureLoader,
  type Material,
  type Object3D,
} from "three";
import { GLTFLoader } from "three/addons/loaders/GLTFLoader.js";
import { OBJLoader } from "three/addons/loaders/OBJLoader.js";
import { PLYLoader } from "three/addons/loaders/PLYLoader.js";
import { STLLoader } from "three/addons/loaders/STLLoader.js";

export type DisplayMode = "solid" | "point_cloud" | "wireframe";

const GREY = 0xb0b4ba;
/** How the first of the spherical harmonics tells a colour. */
const HARMONIC = 0.28209479177387814;

export function kindOf(name: string): string {
  return /\.[a-z0-9]+$/i.exec(name.split(/[?#]/)[0])?.[0].toLowerCase() ?? "";
}

/** What stands in the file. Rejects with words for the visitor. */
export async function read(content: ArrayBuffer, kind: string): Promise<Object3D> {
  const text = (): string => new TextDecoder().decode(content);
  if (kind === ".glb") return gltf(content);
  if (kind === ".gltf") return gltf(packed(text()));
  if (kind === ".obj") return new OBJLoader().parse(text());
  if (kind === ".stl") return mesh(new STLLoader().parse(content));
  if (kind === ".ply") return ply(content);
  if (kind === ".splat") return cloud(splats(content));
  throw new Error(t("Models in {0} cannot be shown.", kind || t("this kind of file")));
}

async function gltf(content: ArrayBuffer): Promise<Object3D> {
  const loader = new GLTFLoader();
  // pictures come by elements, as the policy lets no script fetch what lies in a page itself
  loader.register((parser) => {
    parser.textureLoader = new TextureLoader(parser.options.manager);
    return { name: "pictures" };
  });
  return (await loader.parseAsync(content, "")).scene;
}

/** A glTF text with its data in it as the binary form, which needs no address to be read. */
export function packed(text: string): ArrayBuffer {
  const content = JSON.parse(text);
  const parts: Uint8Array[] = [];
  const starts: number[] = [];
  let size = 0;
  for (const { uri = "" } of content.buffers ?? []) {
    const data = /^data:[^,]*;base64,/.exec(uri);
    if (!data) throw new Error(t("Parts of this model lie in other files. Send it as GLB."));
    const bytes = Uint8Array.from(atob(uri.slice(data[0].length)), (letter) => letter.charCodeAt(0));
    starts.push(size);
    parts.push(bytes);
    size += Math.ceil(bytes.length / 4) * 4;
  }
  for (const view of content.bufferViews ?? [])
    Object.assign(view, { byteOffset: (view.byteOffset ?? 0) + (starts[view.buffer] ?? 0), buffer: 0 });
  if (parts.length) content.buffers = [{ byteLength: size }];
  const head = new TextEncoder().encode(JSON.stringify(content));
  const padded = Math.ceil(head.length / 4) * 4;
  const view = new DataView(new ArrayBuffer(20 + padded + (size ? 8 + size : 0)));
  const bytes = new Uint8Array(view.buffer);
  [0x46546c67, 2, view.byteLength, padded, 0x4e4f534a].forEach((n, i) => view.setUint32(4 * i, n, true));
  bytes.fill(0x20, 20, 20 + padded);
  bytes.set(head, 20);
  if (size) {
    view.setUint32(20 + padded, size, true);
    view.setUint32(24 + padded, 0x004e4942, true);
    parts.forEach((part, i) => bytes.set(part, 28 + padded + starts[i]));
  }
  return view.buffer;
}

function mesh(geometry: BufferGeometry): Mesh {
  if (!geometry.getAttribute("normal")) geometry.computeVertexNormals();
  const coloured = !!geometry.getAttribute("color");
  return new Mesh(
    geometry,
    new MeshStandardMaterial({ color: coloured ? 0xffffff : GREY, vertexColors: coloured }),
  );
}

function ply(content: ArrayBuffer): Object3D {
  const loader = new PLYLoader();
  loader.setCustomPropertyNameMapping({ f_dc: ["f_dc_0", "f_dc_1", "f_dc_2"] });
  const head = new TextDecoder("latin1").decode(content.slice(0, 4096));
  const geometry = loader.parse(content);
  if (geometry.getIndex()) return mesh(geometry);
  const harmonics = head.includes("f_dc_0") ? geometry.getAttribute("f_dc") : null;
  if (harmonics) {
    const colours = Float32Array.from(harmonics.array, (each) =>
      Math.min(1, Math.max(0, 0.5 + HARMONIC * each)),
    );
    geometry.setAttribute("color", new BufferAttribute(colours, 3));
  }
  return cloud(geometry);
}

/** Each 32 bytes are a place, three sizes, a colour and a turn; the place and the colour are drawn. */
export function splats(content: ArrayBuffer): BufferGeometry {
  const count = Math.floor(content.byteLength / 32);
  const view = new DataView(content);
  const places = new Float32Array(count * 3);
  const colours = new Float32Array(count * 3);
  for (let i = 0; i < count; i++)
    for (let axis = 0; axis < 3; axis++) {
      places[3 * i + axis] = view.getFloat32(32 * i + 4 * axis, true) * (axis === 1 ? -1 : 1); // they hang upside down
      colours[3 * i + axis] = view.getUint8(32 * i + 24 + axis) / 255;
    }
  const geometry = new BufferGeometry();
  geometry.setAttribute("position", new BufferAttribute(places, 3));
  geometry.setAttribute("color", new BufferAttribute(colours, 3));
  return geometry;
}

function cloud(geometry: BufferGeometry): Points {
  const coloured = !!geometry.getAttribute("color");
  return new Points(
    geometry,
    new PointsMaterial({
      color: coloured ? 0xffffff : GREY,
      vertexColors: coloured,
      size: 2,
      sizeAttenuation: false,
    }),
  );
}

/** The model as lines, as points, or as it is. */
export function shownAs(model: Object3D, mode: DisplayMode): Object3D {
  if (mode === "solid") return model;
  const group = new Group();
  model.updateMatrixWorld(true);
  model.traverse((each) => {
    const { geometry, material } = each as Mesh;
    if (!geometry) return;
    const points = mode === "point_cloud" || each instanceof Points;
    const drawn = points ? cloud(geometry) : new Mesh(geometry, lines(material));
    drawn.matrixAutoUpdate = false;
    drawn.matrix.copy(each.matrixWorld);
    group.add(drawn);
  });
  return group;
}

function lines(material: Material | Material[]): Material {
  const copy = [material].flat()[0].clone() as MeshStandardMaterial;
  copy.wireframe = true;
  return copy;
}

/** What there is in a model, in words. */
export function described(model: Object3D): string {
  let triangles = 0;
  let points = 0;
  model.traverse((each) => {
    const { geometry } = each as Mesh;
    if (!geometry) return;
    const count = geometry.getAttribute("position")?.count ?? 0;
    if (each instanceof Points) points += count;
    else triangles += Math.floor((geometry.getIndex()?.count ?? count) / 3);
  });
  return (
    [
      triangles && tn("{0} triangle", "{0} triangles", triangles),
      points && tn("{0} point", "{0} points", points),
    ]
      .filter(Boolean)
      .join(", ") || t("empty")
  );
}
