import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { page, type FileData } from "blocks";
import { readableSize, type GrFile } from "../../../blocks_app/components/file";
import { accepts, isWanted, type GrDropArea } from "../../../blocks_app/frontend/droparea";
import { mount } from "./support";

const id = (letter: string) => `${letter.repeat(22)}/${letter}.txt`;
const file = (letter: string): FileData => ({ path: id(letter), orig_name: `${letter}.txt`, size: 5 });

const send = vi.fn(async (files: File[]) =>
  files.map((one) => ({ path: id("n"), orig_name: one.name, size: 1 })),
);
vi.mock("../../../blocks_app/frontend/upload", () => ({ send: (files: File[]) => send(files) }));

beforeEach(() => {
  page.base = "/chat/";
});
afterEach(() => send.mockClear());

const rows = (element: GrFile) =>
  [...element.querySelectorAll("tr")].map((row) => row.querySelector("td[title]")!.getAttribute("title"));

test("without a file it asks for one", async () => {
  const { find } = await mount<GrFile>("gr-file", { label: "Data", file_types: ["image", ".csv"] });
  await find<GrDropArea>("gr-drop-area").updateComplete;
  expect(find("gr-drop-area button").textContent!.replace(/\s+/g, " ").trim()).toBe(
    "Drop File Here - or - Click to Upload",
  );
  expect(find("[data-testid=file-upload]").accept).toBe("image/*,.csv");
  expect(find("[data-testid=file-upload]").multiple).toBe(false);
});

test("one file: upload, change; removing it: change, clear", async () => {
  const { find, element, names } = await mount<GrFile>("gr-file");
  await find<GrDropArea>("gr-drop-area").take([new File(["x"], "a.txt"), new File(["y"], "b.txt")]);
  expect(names()).toEqual(["upload", "change"]);
  expect(element.value).toMatchObject({ orig_name: "a.txt" });
  await element.updateComplete;
  find("[aria-label='Remove this file']").click();
  expect(names().slice(2)).toEqual(["change", "clear"]);
  expect(element.value).toBeNull();
});

test("several files are added, removed one by one, and cleared", async () => {
  const { find, element, names, data } = await mount<GrFile>("gr-file", {
    file_count: "multiple",
    value: [file("a"), file("b")],
  });
  await find<GrDropArea>("gr-drop-area").take([new File(["x"], "c.txt")]);
  await element.updateComplete;
  expect(rows(element)).toEqual(["a.txt", "b.txt", "c.txt"]);
  find("[aria-label='Remove this file']").click();
  expect(data("delete")).toEqual(file("a"));
  expect(names().slice(2)).toEqual(["delete", "change"]);
  find("[aria-label=Clear]").click();
  expect(names().slice(4)).toEqual(["change", "clear"]);
});

test("files are links for download with their size", async () => {
  const { find, element, data } = await mount<GrFile>("gr-file", { value: [file("a")] });
  element.interactive = false;
  await element.updateComplete;
  const link = find<HTMLAnchorElement>("[data-testid=download-div] a");
  expect(link.getAttribute("href")).toBe(`/chat/file=${id("a")}`);
  expect([link.download, link.textContent!.trim(), link.getAttribute("aria-label")]).toEqual([
    "a.txt",
    "5 B",
    "Download a.txt, 5 B",
  ]);
  link.addEventListener("click", (event) => event.preventDefault());
  link.click();
  expect(data("download")).toEqual(file("a"));
  expect(find("[aria-label='Remove this file'], input")).toBeNull();
});

test("a row can be chosen when somebody listens", async () => {
  const { find, data } = await mount<GrFile>("gr-file", { value: [file("a"), file("b")], _selectable: true });
  find("button[aria-label='b.txt']").click();
  expect(data("select")).toEqual({ value: "b.txt", index: 1 });
});

test("the order can be changed with the keyboard", async () => {
  const { find, element, names } = await mount<GrFile>("gr-file", {
    file_count: "multiple",
    allow_reordering: true,
    value: [file("a"), file("b")],
  });
  find("[aria-label='Move a.txt']").dispatchEvent(new KeyboardEvent("keydown", { key: "ArrowDown" }));
  await element.updateComplete;
  expect(rows(element)).toEqual(["b.txt", "a.txt"]);
  expect(names()).toEqual(["change"]);
});

test("file types decide what may be dropped", () => {
  const csv = new File([""], "A.CSV", { type: "text/csv" });
  expect(isWanted(csv, [".csv"])).toBe(true);
  expect(isWanted(csv, ["image"])).toBe(false);
  expect(isWanted(csv, ["text"])).toBe(true);
  expect(isWanted(csv, null)).toBe(true);
  expect(accepts(["file"])).toBeUndefined();
});

test("sizes are readable", () => {
  expect([0, 5, 1536, 5 * 1024 ** 3].map(readableSize)).toEqual(["0 B", "5 B", "1.5 KB", "5.0 GB"]);
});
