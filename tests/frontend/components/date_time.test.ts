import { expect, test } from "vitest";
import { moment } from "../../../blocks_app/components/date_time";
import { mount, press, type } from "./support";

test.each([
  ["2024-01-02 03:04:05", "2024-01-02 03:04:05"],
  ["2024-1-2", "2024-01-02 00:00:00"],
  ["2024-01-02T3:04", "2024-01-02 03:04:00"],
  ["2024-02-29", "2024-02-29 00:00:00"],
  ["now - 5m", "now - 5m"],
  ["2023-02-29", null],
  ["2024-01-02 24:00:00", null],
  ["now + 5m", null],
  ["tomorrow", null],
])("%s is read as %s", (text, read) => {
  expect(moment(text, true)).toBe(read);
});

test("Enter takes over what was written and submits", async () => {
  const { element, find, names } = await mount("gr-datetime");
  await type(find(".time"), "2024-01-02 03:04");
  expect(element.value).toBe(null);
  press(find(".time"), "Enter");
  await element.updateComplete;
  expect([element.value, find(".time").value]).toEqual(["2024-01-02 03:04:00", "2024-01-02 03:04:00"]);
  expect(names()).toEqual(["change", "submit"]);
});

test("what is no date is marked, kept to be mended, and not sent", async () => {
  const { element, find, names } = await mount("gr-datetime", { value: "2024-01-02 03:04:05" });
  await type(find(".time"), "2024-01-");
  press(find(".time"), "Enter");
  element.receive("2025-01-01 00:00:00");
  await element.updateComplete;
  expect([find(".time").value, find(".time").getAttribute("aria-invalid")]).toEqual(["2024-01-", "true"]);
  expect(find(".date-error").hidden).toBe(false);
  await type(find(".time"), "2024-01-03");
  press(find(".time"), "Enter");
  expect(find(".date-error").hidden).toBe(true);
  expect(names()).toEqual(["change", "change", "submit"]);
});

test("leaving the field takes over, emptying it gives null", async () => {
  const { element, find } = await mount("gr-datetime", { value: "2024-01-02", include_time: false });
  expect(find(".calendar").type).toBe("date");
  await type(find(".time"), " ");
  find(".time").dispatchEvent(new Event("blur"));
  expect(element.value).toBe(null);
});

test("the calendar gives a moment and submits", async () => {
  const { element, find, names } = await mount("gr-datetime", { value: "now" });
  find(".calendar").value = "2024-01-02T03:04:05";
  find(".calendar").dispatchEvent(new Event("change"));
  expect([element.value, ...names()]).toEqual(["2024-01-02 03:04:05", "change", "submit"]);
});
