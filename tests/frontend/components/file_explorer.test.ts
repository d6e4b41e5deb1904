import { afterEach, expect, test, vi } from "vitest";
import type { GrFileExplorer } from "../../../blocks_app/components/file_explorer/file_explorer";
import "../../../blocks_app/components/file_explorer/file_explorer";
import { mount, press } from "./support";

const file = (name: string) => ({ name, type: "file", valid: true });
const folder = (name: string, valid = true) => ({ name, type: "folder", valid });
const FOLDERS: Record<string, object[]> = {
  "": [folder("d", false), file("a.txt"), file("b.txt")],
  d: [file("c.txt")],
};
const asked: [string[], number][] = [];
vi.stubGlobal("fetch", async (_: string, { body }: { body: string }) => {
  const [[path, start]] = JSON.parse(body).data;
  asked.push([path, start]);
  const entries = FOLDERS[path.join("/")];
  const answer = entries
    ? { data: [{ entries: entries.slice(start, start + 2), total: entries.length }] }
    : { error: "This folder is not there any more." };
  return { ok: !!entries, text: async () => JSON.stringify(answer) };
});
afterEach(() => asked.splice(0));

const show = async (props = {}) => {
  const made = await mount<GrFileExplorer>("gr-fileexplorer", { _listed: "x", _server: { ls: 3 }, ...props });
  await vi.waitFor(() => expect(names(made.element)).toContain("a.txt"));
  return made;
};
const names = (element: Element) => [...element.querySelectorAll(".name")].map((each) => each.textContent);
const box = (element: Element, name: string) =>
  [...element.querySelectorAll("label")]
    .find((each) => each.textContent!.trim() === name)!
    .querySelector("input")!;

test("a folder is asked for when it is opened, and more of it when that is wanted", async () => {
  const { element, find } = await show();
  expect(names(element)).toEqual(["d", "a.txt"]);
  find<HTMLButtonElement>(".note button").click();
  await vi.waitFor(() => expect(names(element)).toEqual(["d", "a.txt", "b.txt"]));
  find<HTMLButtonElement>("button.fold").click();
  await vi.waitFor(() => expect(names(element)).toEqual(["d", "c.txt", "a.txt", "b.txt"]));
  expect(asked).toEqual([
    [[], 0],
    [[], 2],
    [["d"], 0],
  ]);
  expect(element.querySelectorAll("input")).toHaveLength(3); // the folder itself may not be chosen
});

test("ticking tells select, change and input; one file takes the place of another", async () => {
  const { element, names: told, data } = await show({ file_count: "single", value: [["d", "c.txt"]] });
  await vi.waitFor(() => expect(box(element, "c.txt").checked).toBe(true)); // its folder was opened
  box(element, "a.txt").click();
  expect(told()).toEqual(["select", "change", "input"]);
  expect(data("select")).toEqual({ index: ["a.txt"], value: "a.txt", selected: true });
  expect(element.value).toEqual([["a.txt"]]);
  await element.updateComplete;
  box(element, "a.txt").click();
  expect(element.value).toEqual([]);
});

test("several files are kept together, and none can be ticked where that is off", async () => {
  const { element } = await show({ file_count: "multiple", value: [["gone.txt"]] });
  box(element, "a.txt").click();
  expect(element.value).toEqual([["gone.txt"], ["a.txt"]]);
  element.interactive = false;
  await element.updateComplete;
  expect(box(element, "a.txt").disabled).toBe(true);
});

test("arrow keys open and close folders and go from row to row", async () => {
  const { element, find } = await show();
  const fold = find<HTMLElement>("button.fold");
  fold.focus();
  press(fold, "ArrowRight");
  await vi.waitFor(() => expect(names(element)).toContain("c.txt"));
  press(fold, "ArrowDown");
  expect(document.activeElement).toBe(box(element, "c.txt"));
  press(box(element, "c.txt"), "ArrowLeft");
  expect(document.activeElement).toBe(fold);
  press(fold, "ArrowLeft");
  await element.updateComplete;
  expect(names(element)).not.toContain("c.txt");
});

test("another listing is asked for anew; what went wrong is told", async () => {
  FOLDERS.gone = undefined as never;
  FOLDERS[""]!.unshift(folder("gone"));
  const { element, find } = await mount<GrFileExplorer>("gr-fileexplorer", {
    _listed: "x",
    _server: { ls: 3 },
  });
  await vi.waitFor(() => expect(names(element)).toEqual(["gone", "d"]));
  find<HTMLButtonElement>("button.fold").click();
  await vi.waitFor(() => expect(find("[role=alert]").textContent).toBe("This folder is not there any more."));
  FOLDERS[""]!.shift();
  element.props = { ...element.props, _listed: "y" };
  await vi.waitFor(() => expect(names(element)).toEqual(["d", "a.txt"]));
});
