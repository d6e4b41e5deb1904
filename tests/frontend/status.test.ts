import { beforeEach, expect, test, vi } from "vitest";
import { counts, progressText } from "../../blocks_app/frontend/bars";
import { elapsed, position, show } from "../../blocks_app/frontend/status";
import type { ProgressUnit } from "../../blocks_app/frontend/generated/protocol";

const base = { state: "pending", show: "full", since: 0 } as const;
const unit = (changes: Partial<ProgressUnit>): ProgressUnit => ({
  index: null,
  length: null,
  unit: "steps",
  progress: null,
  desc: null,
  ...changes,
});
let host: HTMLElement;
beforeEach(() => {
  document.body.innerHTML = "<div><p></p></div>";
  host = document.body.firstElementChild as HTMLElement;
});

test("the texts people know", () => {
  expect(position({ ...base, rank: 1, size: 5 })).toBe("queue: 2/5 | ");
  expect(position({ ...base, rank: 1, size: 5, paused: true })).toBe("paused by the operator | ");
  expect(position({ ...base, rank: -1 })).toBe("processing | ");
  expect(counts([unit({ index: 3, length: 4 })])).toBe("3/4 steps | ");
  expect(elapsed(base, 900)).toBe("0.9s");
  expect(elapsed({ ...base, eta: 3.4 }, 1200)).toBe("1.2/3.4s");
  expect(progressText([unit({ progress: 0.25, desc: "phase" })])).toBe("phase - 25.0%");
  expect(progressText([unit({ index: 1, length: 2, desc: "a" }), unit({ progress: 0.5 })])).toBe(
    "a - 50.0% / 50.0%",
  );
});

test("a pending block is busy and has one tracker; null takes it away", () => {
  show(host, base);
  show(host, { ...base, rank: 0, size: 1 });
  expect(host.querySelectorAll("[data-testid=status-tracker]")).toHaveLength(1);
  expect(host.getAttribute("aria-busy")).toBe("true");
  expect(host.textContent).toContain("queue: 1/1");
  show(host, null);
  expect(host.querySelector("[data-testid=status-tracker]")).toBeNull();
  expect(host.hasAttribute("aria-busy")).toBe(false);
});

test("an error says so and stays until it is pressed away", () => {
  show(host, { ...base, state: "error" });
  const mark = host.querySelector<HTMLButtonElement>("button.error")!;
  expect(mark.textContent).toBe("Error");
  mark.click();
  expect(host.querySelector("[data-testid=status-tracker]")).toBeNull();
  show(host, { ...base, state: "error" });
  expect(host.querySelector(".error")).not.toBeNull();
});

test("progress draws a bar that assistive technology can read", async () => {
  show(host, { ...base, units: [unit({ progress: 0.25, desc: "phase" })] });
  const bar = await vi.waitUntil(() => host.querySelector<HTMLElement>("[role=progressbar]"));
  expect(bar.style.width).toBe("25%");
  expect(bar.getAttribute("aria-valuenow")).toBe("25");
  show(host, null);
});
