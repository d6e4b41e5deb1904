import { expect, test, vi } from "vitest";
import "../../../blocks_app/components/timer";
import { mount } from "./support";

test("a timer of a month does not tick at once, as browsers count no further than 25 days", async () => {
  const asked = vi.spyOn(window, "setInterval");
  const { element } = await mount("gr-timer", { value: 30 * 86_400 });
  await element.updateComplete;
  expect(asked.mock.calls.at(-1)![1]).toBe(2 ** 31 - 1);
  element.remove();
  asked.mockRestore();
});
