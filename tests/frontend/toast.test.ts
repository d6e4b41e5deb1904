import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { clear, show } from "../../blocks_app/frontend/toast";

afterEach(() => vi.useRealTimers());
beforeEach(() => {
  vi.useFakeTimers();
  document.body.innerHTML = '<div class="gradio-container"></div>';
});
const texts = (): (string | null)[] =>
  [...document.querySelectorAll("[data-testid=toast-text]")].map((text) => text.textContent);

test("toasts stack, newest first, as plain text", () => {
  show({ level: "info", text: "one" });
  show({ level: "warning", text: "<b>two</b>" });
  expect(texts()).toEqual(["<b>two</b>", "one"]);
});

test("errors interrupt a screen reader, infos do not", () => {
  show({ level: "error", text: "bad" });
  show({ level: "info", text: "fine" });
  const roles = [...document.querySelectorAll("[data-testid=toast-body]")].map((body) =>
    body.getAttribute("role"),
  );
  expect(roles).toEqual(["status", "alert"]);
});

test("they go by the close button, by time, and when their function starts again", () => {
  show({ level: "info", text: "closed" });
  document.querySelector<HTMLElement>("[data-testid=toast-close]")!.click();
  show({ level: "info", text: "expired", duration: 2 });
  vi.advanceTimersByTime(2000);
  show({ level: "info", text: "again", fn: 3, duration: null });
  show({ level: "info", text: "stays", fn: 4, duration: null });
  clear(3);
  expect(texts()).toEqual(["stays"]);
});

test("a toast that is being read stays until it is left", () => {
  show({ level: "info", text: "long", duration: 2 });
  const body = document.querySelector("[data-testid=toast-body]")!;
  vi.advanceTimersByTime(1500);
  body.dispatchEvent(new Event("pointerenter"));
  vi.advanceTimersByTime(10_000);
  expect(texts()).toEqual(["long"]);
  body.dispatchEvent(new Event("pointerleave"));
  vi.advanceTimersByTime(1000);
  expect(texts()).toEqual([]);
});

test("a long text is cut, and of many toasts the newest are shown", () => {
  show({ level: "error", text: "x".repeat(100_000), title: "y".repeat(100_000) });
  expect(document.body.textContent!.length).toBeLessThan(10_000);
  for (let i = 0; i < 100; i += 1) show({ level: "info", text: `${i}` });
  expect(texts().length).toBe(30);
  expect(texts()[0]).toBe("99");
});

test("Escape takes them away, and the focus goes back to where it came from", () => {
  const field = document.body.appendChild(document.createElement("input"));
  field.focus();
  show({ level: "info", text: "one", duration: null });
  show({ level: "error", text: "two", duration: null });
  const close = document.querySelector<HTMLElement>("[data-testid=toast-close]")!;
  close.dispatchEvent(new FocusEvent("focusin", { bubbles: true, relatedTarget: field }));
  close.focus();
  const escape = (): boolean =>
    close.dispatchEvent(new KeyboardEvent("keydown", { key: "Escape", bubbles: true, cancelable: true }));
  const open = document.body.appendChild(document.createElement("dialog"));
  open.setAttribute("open", "");
  escape();
  expect(texts()).toEqual(["two", "one"]); // it is for the dialog
  open.remove();
  escape();
  expect(texts()).toEqual([]);
  expect(document.activeElement).toBe(field);
});

test("of two toasts the next has the focus when one is closed", () => {
  show({ level: "info", text: "one", duration: null });
  show({ level: "info", text: "two", duration: null });
  const [first, second] = document.querySelectorAll<HTMLElement>("[data-testid=toast-close]");
  first!.focus();
  first!.click();
  expect(document.activeElement).toBe(second);
});

test("the text of a status comes into it once more, which screen readers notice, and stands there once", () => {
  show({ level: "success", text: "Saved.", title: "Done" });
  const text = document.querySelector("[data-testid=toast-text]")!;
  const first = text.firstChild;
  vi.advanceTimersByTime(200);
  expect(text.firstChild).not.toBe(first);
  expect(texts()).toEqual(["Saved."]);
});
