import { expect, test } from "vitest";
import "../../../blocks_app/components/dialogue/dialogue";
import { joined, split, tagBefore } from "../../../blocks_app/components/dialogue/lines";
import { mount, press, type } from "./support";

const TAG = "gr-dialogue";
const ADA = { speaker: "Ada", text: "Hello" };
const BO = { speaker: "Bo", text: "Hi" };
const options = { speakers: ["Ada", "Bo"], tags: ["(laughs)", "(sighs)"], label: "Script" };

test("lines are one text and back", () => {
  expect(joined([ADA, BO], "\n")).toBe("[Ada] Hello\n[Bo] Hi");
  expect(joined([{ speaker: "Ada", text: "" }], "\n")).toBe("");
  expect(split("[Ada] Hello\n\n [Bo]Hi\nHm [x", "\n", "Cy")).toEqual([
    ADA,
    BO,
    { speaker: "Cy", text: "Hm [x" },
  ]);
  expect(tagBefore("a :La", 5)).toEqual({ at: 2, word: "la" });
  expect(tagBefore("a: b", 4)).toBeNull();
});

test("typing and another speaker change the line alone", async () => {
  const { element, find, names } = await mount<any>(TAG, { ...options, value: [ADA, BO] });
  await type(find("[aria-label='Line 2']"), "Hm");
  const speaker = find<HTMLSelectElement>("[aria-label='Speaker of line 1']");
  speaker.value = "Bo";
  speaker.dispatchEvent(new Event("change"));
  expect(element.value).toEqual([
    { speaker: "Bo", text: "Hello" },
    { speaker: "Bo", text: "Hm" },
  ]);
  expect(names()).toEqual(["change", "input", "change", "input"]);
});

test("Enter adds a line of the next speaker, Backspace in an empty one takes it away", async () => {
  const { element, find } = await mount<any>(TAG, { ...options, value: [ADA] });
  press(find("[aria-label='Line 1']"), "Enter");
  await element.updateComplete;
  expect(element.value).toEqual([ADA, { speaker: "Bo", text: "" }]);
  press(find("[aria-label='Line 2']"), "Backspace");
  await element.updateComplete;
  expect(element.value).toEqual([ADA]);
  press(find("[aria-label='Line 1']"), "Backspace");
  expect(element.value).toEqual([ADA]);
});

test("there are no more lines than the app takes", async () => {
  const { element, find } = await mount<any>(TAG, { ...options, value: [ADA], max_lines: 1 });
  press(find("textarea"), "Enter");
  expect(element.value).toEqual([ADA]);
  expect(find("ol").className).toContain("full");
});

test("a colon offers tags, the arrows choose and Enter takes", async () => {
  const { element, find } = await mount<any>(TAG, { ...options, value: [ADA] });
  const field = find<HTMLTextAreaElement>("textarea");
  field.focus();
  await type(field, "Well :");
  await element.updateComplete;
  expect(find("[role=listbox]").textContent!.replace(/\s+/g, " ").trim()).toBe("(laughs) (sighs)");
  press(field, "ArrowDown");
  await element.updateComplete;
  expect(find(`#${field.getAttribute("aria-activedescendant")}`).getAttribute("aria-selected")).toBe("true");
  press(field, "Enter");
  await element.updateComplete;
  expect(element.value[0].text).toBe("Well (sighs) ");
  expect(find("[role=listbox]")).toBeNull();
});

test("Escape closes the menu, and then Enter is Enter again", async () => {
  const { element, find } = await mount<any>(TAG, { ...options, value: [ADA] });
  const field = find<HTMLTextAreaElement>("textarea");
  field.focus();
  await type(field, ":s");
  press(field, "Escape");
  await element.updateComplete;
  expect(find("[role=listbox]")).toBeNull();
  press(field, "Enter");
  expect(element.value).toHaveLength(2);
});

test("one may see it as one text, and go back", async () => {
  const { element, find, names } = await mount<any>(TAG, { ...options, value: [ADA, BO] });
  find<HTMLButtonElement>("[aria-label='Show as text']").click();
  await new Promise((done) => setTimeout(done));
  await element.updateComplete;
  expect(find("textarea").value).toBe("[Ada] Hello\n[Bo] Hi");
  await type(find("textarea"), "[Bo] Only me");
  find<HTMLButtonElement>("[aria-label='Show as lines']").click();
  await new Promise((done) => setTimeout(done));
  expect(element.value).toEqual([{ speaker: "Bo", text: "Only me" }]);
  expect(names()).toEqual(["change", "change", "input", "change"]);
});

test("without speakers it is one field of text", async () => {
  const { element, find } = await mount<any>(TAG, { label: "Script", submit_btn: true });
  await type(find("textarea"), "a");
  expect(element.value).toBe("a");
  expect(find(`label[for="${find("textarea").id}"]`).textContent!.trim()).toBe("Script");
});

test("where nothing may be changed each line is shown with its speaker", async () => {
  const { element, find } = await mount<any>(TAG, { ...options, value: "[Ada] <b>\n[Cy] Hm" });
  element.interactive = false;
  await element.updateComplete;
  expect(
    [...element.querySelectorAll(".said")].map((each: any) => each.textContent.replace(/\s+/g, " ").trim()),
  ).toEqual(["Ada <b>", "Cy Hm"]);
  element.value = null;
  await element.updateComplete;
  expect(find(".empty")).not.toBeNull();
});
