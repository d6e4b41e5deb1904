/** What Model3D uses of three, which brings no types of its own. */
declare module "three" {
  export class Vector3 {
    constructor(x?: number, y?: number, z?: number);
    x: number;
    y: number;
    z: number;
    add(other: Vector3): this;
    sub(other: Vector3): this;
    clone(): Vector3;
    copy(other: Vector3): this;
    set(x: number, y: number, z: number): this;
    multiplyScalar(factor: number): this;
    setFromSpherical(place: Spherical): this;
    setFromMatrixColumn(matrix: Matrix4, column: number): this;
    fromBufferAttribute(attribute: BufferAttribute, number: number): this;
    applyMatrix4(matrix: Matrix4): this;
    cross(other: Vector3): this;
    dot(other: Vector3): number;
    normalize(): this;
    project(camera: PerspectiveCamera): this;
  }
  export class Spherical {
    radius: number;
    phi: number;
    theta: number;
    setFromVector3(place: Vector3): this;
    makeSafe(): this;
  }
  export class Matrix4 {
    copy(other: Matrix4): this;
  }
  export class Color {
    constructor(red?: number, green?: number, blue?: number);
    clone(): Color;
    fromBufferAttribute(attribute: BufferAttribute, number: number): this;
    getStyle(): string;
    multiplyScalar(factor: number): this;
  }
  export class Sphere {
    center: Vector3;
    radius: number;
  }
  export class Box3 {
    setFromObject(object: Object3D): this;
    getBoundingSphere(into: Sphere): Sphere;
  }
  export class BufferAttribute {
    constructor(array: ArrayLike<number>, itemSize: number);
    array: ArrayLike<number>;
    count: number;
    getX(number: number): number;
  }
  export class BufferGeometry {
    getAttribute(name: string): BufferAttribute | undefined;
    setAttribute(name: string, attribute: BufferAttribute): this;
    getIndex(): BufferAttribute | null;
    computeVertexNormals(): void;
    dispose(): void;
  }
  export class Object3D {
    position: Vector3;
    matrix: Matrix4;
    matrixWorld: Matrix4;
    matrixAutoUpdate: boolean;
    add(...children: Object3D[]): this;
    remove(...children: Object3D[]): this;
    traverse(visit: (each: Object3D) => void): void;
    updateMatrixWorld(force?: boolean): void;
  }
  export class Group extends Object3D {}
  export class Scene extends Object3D {}
  export class Material {
    vertexColors: boolean;
    clone(): Material;
  }
  export class MeshStandardMaterial extends Material {
    constructor(options: { color?: number; vertexColors?: boolean });
    wireframe: boolean;
  }
  export class PointsMaterial extends Material {
    constructor(options: {
      color?: number;
      vertexColors?: boolean;
      size?: number;
      sizeAttenuation?: boolean;
    });
  }
  export class Mesh extends Object3D {
    constructor(geometry: BufferGeometry, material: Material);
    geometry: BufferGeometry;
    material: Material | Material[];
  }
  export class Points extends Object3D {
    constructor(geometry: BufferGeometry, material: Material);
    geometry: BufferGeometry;
    material: Material;
  }
  export class DirectionalLight extends Object3D {
    constructor(color: number, intensity: number);
  }
  export class HemisphereLight extends Object3D {
    constructor(sky: number, ground: number, intensity: number);
  }
  export class PerspectiveCamera extends Object3D {
    constructor(fov: number, aspect: number, near?: number, far?: number);
    lookAt(place: Vector3): void;
    fov: number;
    aspect: number;
    updateProjectionMatrix(): void;
  }
  export class TextureLoader {
    constructor(manager?: unknown);
  }
  export class WebGLRenderer {
    constructor(options: { antialias: boolean; alpha: boolean });
    domElement: HTMLCanvasElement;
    setPixelRatio(ratio: number): void;
    setSize(width: number, height: number, style: boolean): void;
    setClearColor(color: Color, alpha: number): void;
    render(scene: Object3D, camera: PerspectiveCamera): void;
    dispose(): void;
    forceContextLoss(): void;
  }
}

declare module "three/addons/controls/OrbitControls.js" {
  import type { PerspectiveCamera, Vector3 } from "three";
  export class OrbitControls {
    constructor(camera: PerspectiveCamera, node: HTMLElement);
    target: Vector3;
    zoomSpeed: number;
    panSpeed: number;
    addEventListener(name: "change", listener: () => void): void;
    update(): void;
    dispose(): void;
  }
}

declare module "three/addons/loaders/GLTFLoader.js" {
  import type { Object3D, TextureLoader } from "three";
  interface Parser {
    textureLoader: TextureLoader;
    options: { manager: unknown };
  }
  export class GLTFLoader {
    register(plugin: (parser: Parser) => { name: string }): this;
    parseAsync(content: ArrayBuffer, path: string): Promise<{ scene: Object3D }>;
  }
}

declare module "three/addons/loaders/OBJLoader.js" {
  import type { Object3D } from "three";
  export class OBJLoader {
    parse(text: string): Object3D;
  }
}

declare module "three/addons/loaders/PLYLoader.js" {
  import type { BufferGeometry } from "three";
  export class PLYLoader {
    parse(content: ArrayBuffer): BufferGeometry;
    setCustomPropertyNameMapping(mapping: Record<string, string[]>): void;
  }
}

declare module "three/addons/loaders/STLLoader.js" {
  import type { BufferGeometry } from "three";
  export class STLLoader {
    parse(content: ArrayBuffer): BufferGeometry;
  }
}
