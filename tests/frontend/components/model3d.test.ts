import { readFileSync } from "node:fs";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { page } from "blocks";
import type { GrModel3D } from "../../../blocks_app/components/model3d/model3d";
import "../../../blocks_app/components/model3d/model3d";
import {
  described,
  kindOf,
  packed,
  read,
  shownAs,
  splats,
} from "../../../blocks_app/components/model3d/reading";
import { placed } from "../../../blocks_app/components/model3d/looking";
import { drawStill, faces } from "../../../blocks_app/components/model3d/still";
import "../../../blocks_app/frontend/droparea";
import type { GrDropArea } from "../../../blocks_app/frontend/droparea";
import { mount } from "./support";

const PATH = "AAAAAAAAAAAAAAAAAAAAAA/gem.glb";
const GEM = { path: PATH, orig_name: "gem.glb" };

const send = vi.fn(async (files: File[]) => files.map((file) => ({ path: PATH, orig_name: file.name })));
vi.mock("../../../blocks_app/frontend/upload", () => ({ send: (files: File[]) => send(files) }));

beforeEach(() => {
  page.base = "/chat/";
});
afterEach(() => vi.unstubAllGlobals());

const bytes = (text: string): ArrayBuffer => new TextEncoder().encode(text).buffer as ArrayBuffer;
const TRIANGLE = "v 0 0 0\nv 1 0 0\nv 0 1 0\nf 1 2 3\n";

test("without a model it asks for one, and tells upload and change; clear tells clear and change", async () => {
  const { find, element, names } = await mount<GrModel3D>("gr-model3d", { label: "Gem" });
  await find<GrDropArea>("gr-drop-area").updateComplete;
  expect(find("input[type=file]").getAttribute("accept")).toBe(".glb,.gltf,.obj,.stl,.ply,.splat");
  await find<GrDropArea>("gr-drop-area").take([new File(["x"], "gem.glb")]);
  expect(names()).toEqual(["upload", "change"]);
  await element.updateComplete;
  find("[aria-label=Clear]").click();
  expect(names().slice(2)).toEqual(["clear", "change"]);
  expect(element.value).toBeNull();
});

test("without WebGL it is a still picture, which is said, and the file can be had", async () => {
  const gem = readFileSync("blocks_app/media/samples/model.glb");
  vi.stubGlobal("fetch", async () => new Response(new Uint8Array(gem)));
  const { find } = await mount<GrModel3D>("gr-model3d", { value: GEM, interactive: false, label: "Gem" });
  await vi.waitFor(() => expect(find("[role=status]")?.textContent).toContain("this browser has no WebGL"));
  expect(find(".view[role=img] canvas")).not.toBeNull();
  expect(find(".view").getAttribute("aria-label")).toBe("Gem, gem.glb: 16 triangles");
  expect(find(".view").hasAttribute("tabindex")).toBe(false);
  expect(find("[aria-label='Reset view']")).toBeNull();
  expect(find("[aria-label=Download]").getAttribute("href")).toBe(`/chat/file=${PATH}`);
});

test("a model that cannot be loaded is told", async () => {
  vi.stubGlobal("fetch", async () => new Response("", { status: 404 }));
  const { find } = await mount<GrModel3D>("gr-model3d", { value: GEM, interactive: false });
  await vi.waitFor(() => expect(find("[role=alert]").textContent).toContain("could not be loaded (404)"));
});

test("a still picture has the nearest last, from where it is looked at, in its colours", async () => {
  const corner = (x: number, y: number, z: number) => `v ${x} ${y} ${z}\n`;
  const two = [-1, 1].map((z) => corner(-1, -1, z) + corner(1, -1, z) + corner(0, 1, z)).join("");
  const model = await read(bytes(`${two}f 1 2 3\nf 4 5 6\n`), ".obj");
  const before = faces(model, { camera_position: [90, 90, null] }, 200, 100);
  const wide = ({ corners }: (typeof before)[number]) => corners[1][0] - corners[0][0];
  expect(before.length).toBe(2);
  expect(wide(before[1])).toBeGreaterThan(wide(before[0]));
  expect(before[1].corners[2][0]).toBeCloseTo(100);
  const behind = faces(model, { camera_position: [270, 90, null] }, 200, 100);
  expect(wide(behind[1])).toBeLessThan(wide(behind[0]));
  expect(wide(behind[1])).toBeLessThan(0); // seen from the other side
  const points = faces(await read(new ArrayBuffer(64), ".splat"), {}, 200, 100);
  expect([points.length, points[0].corners.length, points[0].color]).toEqual([2, 1, "rgb(0,0,0)"]);
});

test("it is drawn as its display mode says", async () => {
  const model = await read(bytes(TRIANGLE), ".obj");
  const drawn = (display_mode: "solid" | "wireframe" | "point_cloud") => {
    const pen = Object.fromEntries(
      ["clearRect", "fillRect", "beginPath", "lineTo", "closePath", "fill", "stroke"].map((n) => [
        n,
        vi.fn(),
      ]),
    );
    drawStill({ width: 20, height: 20, getContext: () => pen } as never, model, { display_mode });
    return [pen.fill, pen.stroke, pen.fillRect].map((each) => each.mock.calls.length);
  };
  expect(drawn("solid")).toEqual([1, 1, 1]);
  expect(drawn("wireframe")).toEqual([0, 1, 1]);
  expect(drawn("point_cloud")).toEqual([0, 0, 4]);
});

test("models of every kind are read, and told in words", async () => {
  const gem = readFileSync("blocks_app/media/samples/model.glb");
  expect(described(await read(new Uint8Array(gem).buffer, ".glb"))).toBe("16 triangles");
  expect(described(await read(bytes(TRIANGLE), ".obj"))).toBe("1 triangle");
  const facet =
    "facet normal 0 0 1\nouter loop\nvertex 0 0 0\nvertex 1 0 0\nvertex 0 1 0\nendloop\nendfacet\n";
  expect(described(await read(bytes(`solid a\n${facet}endsolid a`), ".stl"))).toBe("1 triangle");
  const head =
    "ply\nformat ascii 1.0\nelement vertex 2\nproperty float x\nproperty float y\nproperty float z\n";
  expect(described(await read(bytes(`${head}end_header\n0 0 0\n1 1 1\n`), ".ply"))).toBe("2 points");
  expect(described(await read(new ArrayBuffer(64), ".splat"))).toBe("2 points");
  await expect(read(new ArrayBuffer(4), ".usdz")).rejects.toThrow("Models in .usdz cannot be shown.");
  expect(kindOf("a/B.GLB?x=1")).toBe(".glb");
});

test("a glTF text with its data in it becomes binary, its parts behind one another", async () => {
  const data = (text: string) => `data:application/octet-stream;base64,${btoa(text)}`;
  const buffers = [{ uri: data("abcde") }, { uri: data("fgh") }];
  const bufferViews = [{ buffer: 0, byteLength: 5 }, { buffer: 1, byteOffset: 1, byteLength: 2 }]; // prettier-ignore
  const made = new DataView(packed(JSON.stringify({ asset: { version: "2.0" }, buffers, bufferViews })));
  const length = made.getUint32(12, true);
  const text = (at: number, count: number) => new TextDecoder().decode(made.buffer.slice(at, at + count));
  expect(JSON.parse(text(20, length)).bufferViews[1]).toEqual({ buffer: 0, byteOffset: 9, byteLength: 2 });
  expect(text(28 + length, 12).replaceAll("\0", ".")).toBe("abcde...fgh.");
  expect(made.byteLength).toBe(made.getUint32(8, true));
  expect(() => packed('{"buffers":[{"uri":"a.bin"}]}')).toThrow("Send it as GLB");
});

test("a splat's place and colour are drawn", () => {
  const view = new DataView(new ArrayBuffer(32));
  [1, 2, 3].forEach((each, i) => view.setFloat32(4 * i, each, true));
  [255, 0, 51].forEach((each, i) => view.setUint8(24 + i, each));
  const made = splats(view.buffer);
  expect([...(made.getAttribute("position")!.array as Float32Array)]).toEqual([1, -2, 3]);
  expect(made.getAttribute("color")!.array[2]).toBeCloseTo(0.2);
});

test("a model is shown as lines or points", async () => {
  const model = await read(bytes(TRIANGLE), ".obj");
  expect(shownAs(model, "solid")).toBe(model);
  expect(described(shownAs(model, "wireframe"))).toBe("1 triangle");
  expect(described(shownAs(model, "point_cloud"))).toBe("3 points");
});

test("the camera stands where it was placed, before the model unless told", () => {
  const at = (...position: (number | null)[]) => {
    const { x, y, z } = placed(position, 5);
    return [x, y, z].map((each) => Math.round(each * 100) / 100 + 0);
  };
  expect(at(90, 90, 2)).toEqual([0, 0, 2]);
  expect(at(0, 90, 2)).toEqual([-2, 0, 0]);
  expect(at(null, 90, null)).toEqual([0, 0, 5]);
  expect(at(90, 0, 2)[1]).toBeCloseTo(2);
});
