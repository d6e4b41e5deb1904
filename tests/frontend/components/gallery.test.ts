import { beforeEach, expect, test, vi } from "vitest";
import { page } from "blocks";
import type { GrGallery, Item } from "../../../blocks_app/components/gallery/gallery";
import "../../../blocks_app/components/gallery/gallery";
import { archive, checksum } from "../../../blocks_app/components/gallery/archive";
import "../../../blocks_app/frontend/droparea";
import type { GrDropArea } from "../../../blocks_app/frontend/droparea";
import { mount, press } from "./support";

const file = (name: string) => ({ path: `AAAAAAAAAAAAAAAAAAAAAA/${name}`, orig_name: name });
const VALUE: Item[] = [
  { image: file("a.png"), caption: "First" },
  { video: file("b.mp4"), caption: null },
  { image: file("c.png") },
];

const send = vi.fn(async (files: File[]) =>
  files.map((each) => ({ ...file(each.name), mime_type: each.type })),
);
vi.mock("../../../blocks_app/frontend/upload", () => ({ send: (files: File[]) => send(files) }));

beforeEach(() => {
  page.base = "/chat/";
});

async function shown(props = {}, interactive = false) {
  const made = await mount<GrGallery>("gr-gallery", {
    value: VALUE,
    buttons: ["download", "share"],
    ...props,
  });
  made.element.interactive = interactive;
  await made.element.updateComplete;
  const all = (selector: string) => [...made.element.querySelectorAll<HTMLElement>(selector)];
  const click = async (selector: string, at = 0) => {
    all(selector)[at].click();
    await made.element.updateComplete;
  };
  return { ...made, all, click };
}

test("a grid shows pictures and videos with captions, by the names that tests rely on", async () => {
  const { all, find } = await shown({ columns: 2, height: 200, object_fit: "contain" });
  expect(all(".thumbnail-lg").map((each) => each.getAttribute("aria-label"))).toEqual([
    "Thumbnail 1 of 3: First",
    "Thumbnail 2 of 3",
    "Thumbnail 3 of 3",
  ]);
  expect(find("img").getAttribute("src")).toBe("/chat/file=AAAAAAAAAAAAAAAAAAAAAA/a.png");
  expect(find("video").getAttribute("src")).toContain("b.mp4");
  expect(find(".caption-label").textContent).toBe("First");
  const style = find<HTMLElement>(".grid-wrap").style;
  expect([style.height, style.getPropertyValue("--object-fit")]).toEqual(["200px", "contain"]);
  expect(all(".delete-button, gr-drop-area")).toEqual([]);
});

test("columns may be told for each width, and fewer pictures share the whole", async () => {
  const { find, element } = await shown({ columns: [1, 2, 5], rows: [2] });
  const style = find<HTMLElement>(".grid-wrap").style;
  const columns = (step: string) => style.getPropertyValue(`--grid-cols${step}`);
  expect(["", "-sm", "-md", "-2xl"].map(columns)).toEqual(["1", "2", "3", "3"]);
  expect(style.getPropertyValue("--grid-rows-xl")).toBe("repeat(2, minmax(6rem, 1fr))");
  element.props = { ...element.props, fit_columns: false };
  await element.updateComplete;
  expect(columns("-md")).toBe("5");
});

test("a click opens the preview; keys and buttons lead through it; Escape closes it", async () => {
  const { names, data, find, click, element, all } = await shown();
  await click(".thumbnail-lg", 0);
  expect(names()).toEqual(["select", "preview_open"]);
  expect(data("select")).toEqual({ index: 0, value: VALUE[0] });
  expect(find("[data-testid=detailed-image]").getAttribute("alt")).toBe("First");
  expect(find(".caption").textContent).toBe("First");
  expect(find("[aria-label=Download]").getAttribute("download")).toBe("a.png");
  const at = async (key: string) => {
    press(find(".preview"), key);
    await element.updateComplete;
    return element.selected;
  };
  expect([await at("ArrowRight"), await at("End"), await at("ArrowRight"), await at("ArrowLeft")]).toEqual([
    1, 2, 0, 2,
  ]);
  expect(await at("Home")).toBe(0);
  await click("[aria-label=Next]");
  expect(find("[data-testid=detailed-video]").getAttribute("aria-label")).toBe("b.mp4");
  await click("[data-testid='thumbnail 3']");
  expect(element.selected).toBe(2);
  expect(await at("Escape")).toBeNull();
  expect(names().at(-1)).toBe("preview_close");
  expect(all(".grid-container")).toHaveLength(1);
});

test("a swipe leads to the next one, and is no click", async () => {
  const { find, element } = await shown({ selected_index: 0 });
  const touch = (type: string, clientX: number) =>
    find(".gallery-stage").dispatchEvent(
      new PointerEvent(type, { bubbles: true, isPrimary: true, clientX, clientY: 10 }),
    );
  touch("pointerdown", 200);
  touch("pointerup", 100);
  expect(element.selected).toBe(1);
  await element.updateComplete;
  touch("pointerdown", 100);
  touch("pointerup", 110);
  expect(element.selected).toBe(1);
  touch("pointerdown", 100);
  touch("pointerup", 200);
  expect(element.selected).toBe(0);
});

test("without a preview a click only selects", async () => {
  const { names, click, all } = await shown({ allow_preview: false });
  await click(".thumbnail-lg", 1);
  expect(names()).toEqual(["select"]);
  expect(all(".selected")).toHaveLength(1);
  expect(all(".preview")).toEqual([]);
});

test("preview opens the first one until the visitor closes it; a server's selection holds", async () => {
  const { element, click, all } = await shown({ preview: true });
  expect(element.selected).toBe(0);
  await click("[aria-label=Close]");
  expect(element.selected).toBeNull();
  element.props = { ...element.props, selected_index: 2 };
  await element.updateComplete;
  expect(element.selected).toBe(2);
  element.receive([VALUE[0]]);
  await element.updateComplete;
  expect([element.selected, all(".thumbnail-lg").length]).toEqual([null, 1]);
});

test("what is uploaded is added, what is deleted is told", async () => {
  const { element, names, data, find, click, all } = await shown({}, true);
  const files = [
    new File(["x"], "d.png", { type: "image/png" }),
    new File(["x"], "e.mp4", { type: "video/mp4" }),
  ];
  await find<GrDropArea>("gr-drop-area").take(files);
  expect(names()).toEqual(["upload", "change"]);
  expect(element.value!.map((each) => Object.keys(each)[0])).toEqual([
    "image",
    "video",
    "image",
    "image",
    "video",
  ]);
  await element.updateComplete;
  await click(".delete-button", 0);
  expect(names().slice(2)).toEqual(["delete", "change"]);
  expect(data("delete")).toMatchObject({ ...file("a.png"), index: 0 });
  expect(all(".thumbnail-lg")).toHaveLength(4);
  await click("[aria-label=Clear]");
  expect([names().at(-1), element.value]).toEqual(["change", null]);
  await find<GrDropArea>("gr-drop-area").updateComplete;
  expect(find("input[type=file]").getAttribute("accept")).toBe("image/*,video/*");
});

test("an empty output says so", async () => {
  const { find } = await shown({ value: [] });
  expect(find(".empty").getAttribute("aria-label")).toBe("Empty value");
});

test("an archive holds the files with names that differ", async () => {
  const content = (text: string) => new TextEncoder().encode(text) as Uint8Array<ArrayBuffer>;
  expect(checksum(content("123456789"))).toBe(0xcbf43926);
  const bytes = new Uint8Array(
    await archive([
      ["a.png", content("one")],
      ["a.png", content("two")],
    ]).arrayBuffer(),
  );
  const text = new TextDecoder("latin1").decode(bytes);
  expect(text.match(/a( \(2\))?\.png/g)).toEqual(["a.png", "a (2).png", "a.png", "a (2).png"]);
  const view = new DataView(bytes.buffer);
  expect([view.getUint32(0, true), view.getUint16(bytes.length - 12, true)]).toEqual([0x04034b50, 2]);
});
