import { readFileSync } from "node:fs";
import { expect, test, vi } from "vitest";
import { fileName } from "../../../blocks_app/components/code/code";
import { languageOf, names } from "../../../blocks_app/components/code/languages";
import { mount, type } from "./support";

vi.mock("../../../blocks_app/components/code/editor", () => Promise.reject(new Error("offline")));

test("without the editor a plain field shows the code and takes what is typed", async () => {
  const { element, find, names } = await mount("gr-code", {
    value: "a = 1",
    label: "Query",
    language: "python",
  });
  const field = find<HTMLTextAreaElement>("textarea");
  expect([field.value, field.getAttribute("aria-label")]).toEqual(["a = 1", "Query"]);
  await type(field, "a = 2");
  expect([element.value, ...names()]).toEqual(["a = 2", "change", "input"]);
});

test("code to read stands in a box that the keyboard reaches", async () => {
  const { element, find } = await mount("gr-code", { value: "a = 1" });
  element.interactive = false;
  await element.updateComplete;
  expect([find("pre").textContent, find("pre").tabIndex]).toEqual(["a = 1", 0]);
  element.receive(null);
  await element.updateComplete;
  expect([element.value, find("pre").textContent]).toEqual(["", ""]);
});

test("every language that Python names has its module", async () => {
  const source = readFileSync("blocks_app/components/code/code.py", "utf8");
  const declared = /Language = Literal\[(.*?)\n\]/s.exec(source)![1].match(/"[\w-]+"/g)!;
  expect(declared.map((name) => name.slice(1, -1)).sort()).toEqual([...names].sort());
  for (const name of names) expect([name, await languageOf(name)]).not.toEqual([name, []]);
  expect(await languageOf("klingon")).toEqual([]);
});

test("a file is called after its language", () => {
  expect(["python", "sql-esper", "klingon", null].map((name) => fileName(name))).toEqual([
    "file.py",
    "file.sql",
    "file.txt",
    "file.txt",
  ]);
});
