import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { choose, chosen, open } from "../../blocks_app/frontend/settings";

const FORM = `<form data-cookie="django_language" data-path="/">
  <input type="radio" name="theme" value="" checked /><input type="radio" name="theme" value="dark" />
  <select name="language"><option value=""></option><option value="de">Deutsch</option></select>
  <p class="settings-problem" hidden></p></form>`;
const worn: unknown[] = [];
const wear = (event: Event) => worn.push((event as CustomEvent).detail);

beforeEach(() => {
  localStorage.clear();
  worn.length = 0;
  addEventListener("blocks:settings", wear);
  HTMLDialogElement.prototype.showModal ??= () => undefined;
  vi.stubGlobal("fetch", async () => new Response(FORM));
});
afterEach(() => {
  removeEventListener("blocks:settings", wear);
  document.body.replaceChildren();
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

const field = <T extends Element = HTMLInputElement>(selector: string): T =>
  document.querySelector(`.settings-dialog ${selector}`)!;

test("what is chosen is worn and kept, and nothing is kept of nothing", () => {
  expect(choose({ theme: "dark" })).toBe(true);
  expect(chosen()).toEqual({ theme: "dark" });
  choose({});
  expect([worn, localStorage.length]).toEqual([[{ theme: "dark" }, {}], 0]);
});

test("what somebody else has written there is no choice", () => {
  localStorage.setItem("blocks:settings", "{");
  expect(chosen()).toEqual({});
});

test("the form shows what is chosen, and changes it", async () => {
  choose({ theme: "dark" });
  await open();
  await open();
  expect(document.querySelectorAll("dialog").length).toBe(1);
  expect(field("[value=dark]").checked).toBe(true);
  field("[name=theme]").checked = true;
  field("[name=theme]").dispatchEvent(new Event("input", { bubbles: true }));
  expect(chosen()).toEqual({});
});

test("where nothing can be kept, the form says so", async () => {
  await open();
  vi.stubGlobal("localStorage", {
    setItem: () => {
      throw new Error("full");
    },
  });
  field("[value=dark]").checked = true;
  field("[value=dark]").dispatchEvent(new Event("input", { bubbles: true }));
  expect(field<HTMLElement>(".settings-problem").hidden).toBe(false);
});

test("a language is a cookie for the server", async () => {
  const reload = vi.spyOn(location, "reload").mockImplementation(() => undefined);
  await open();
  field<HTMLSelectElement>("select").value = "de";
  field("select").dispatchEvent(new Event("input", { bubbles: true }));
  expect(document.cookie).toContain("django_language=de");
  expect(reload).toHaveBeenCalled();
});
