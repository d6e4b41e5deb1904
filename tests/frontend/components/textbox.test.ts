import { expect, test, vi } from "vitest";
import "../../../blocks_app/components/textbox";
import { mount, press, type } from "./support";

test("the label is the accessible name; an untouched box has an empty text", async () => {
  const { element, find } = await mount("gr-textbox", { label: "Name", info: "Your name" });
  const field = find<HTMLTextAreaElement>("textarea");
  expect(find(`label[for="${field.id}"]`).textContent!.trim()).toBe("Name");
  expect(field.dataset.testid).toBe("textbox");
  expect(field.getAttribute("aria-describedby")).toBe(element.infoId);
  expect(element.value).toBe("");
});

test("typing raises change and input, Enter submits", async () => {
  const { element, find, names } = await mount("gr-textbox");
  await type(find("textarea"), "xy");
  press(find("textarea"), "Enter");
  expect(element.value).toBe("xy");
  expect(names()).toEqual(["change", "input", "submit"]);
});

test("with more lines Shift+Enter submits and Enter does not", async () => {
  const { find, names } = await mount("gr-textbox", { lines: 3 });
  press(find("textarea"), "Enter");
  expect(names()).toEqual([]);
  press(find("textarea"), "Enter", { shiftKey: true });
  expect(names()).toEqual(["submit"]);
});

test("the server's text raises change only when it differs", async () => {
  const { element, names, find } = await mount("gr-textbox", { value: "a" });
  element.receive("a");
  await element.updateComplete;
  expect(names()).toEqual([]);
  element.receive(null);
  await element.updateComplete;
  await element.updateComplete;
  expect(names()).toEqual(["change"]);
  expect(find("textarea").value).toBe("");
});

test("a selection tells its text and place", async () => {
  const { find, data } = await mount("gr-textbox", { value: "a1xy" });
  const field = find<HTMLTextAreaElement>("textarea");
  field.setSelectionRange(1, 3);
  field.dispatchEvent(new Event("select"));
  expect(data("select")).toEqual({ value: "1x", index: [1, 3] });
});

test("passwords and e-mail addresses have one line", async () => {
  const password = await mount("gr-textbox", { type: "password" });
  expect(password.find("input").type).toBe("password");
  expect(password.find("input").dataset.testid).toBe("password");
  const email = await mount("gr-textbox", { type: "email" });
  expect(email.find("input").type).toBe("email");
});

test("options become attributes, but never a script", async () => {
  const html_attributes = { autocomplete: "name", spellcheck: false, onfocus: "alert(1)" };
  const { find } = await mount("gr-textbox", { max_length: 5, rtl: true, placeholder: "?", html_attributes });
  const field = find<HTMLTextAreaElement>("textarea");
  expect(field.getAttribute("maxlength")).toBe("5");
  expect(field.dir).toBe("rtl");
  expect(field.getAttribute("spellcheck")).toBe("false");
  expect(field.getAttribute("autocomplete")).toBe("name");
  expect(field.hasAttribute("onfocus")).toBe(false);
});

test("the buttons copy, submit and stop", async () => {
  const writeText = vi.fn(async () => {});
  Object.defineProperty(navigator, "clipboard", { value: { writeText }, configurable: true });
  const props = { value: "hi", buttons: ["copy"], submit_btn: true, stop_btn: "Halt" };
  const { element, find, names } = await mount("gr-textbox", props);
  find<HTMLButtonElement>("[aria-label=Copy]").click();
  await vi.waitFor(() => expect(names()).toEqual(["copy"]));
  await element.updateComplete;
  expect(find("[aria-label=Copied]")).toBeTruthy();
  find<HTMLButtonElement>("[aria-label=Submit]").click();
  expect(find(".stop-button").textContent!.trim()).toBe("Halt");
  find<HTMLButtonElement>(".stop-button").click();
  expect(writeText).toHaveBeenCalledWith("hi");
  expect(names()).toEqual(["copy", "submit", "stop"]);
});

test("autofocus takes the focus; a box that is not interactive can be read", async () => {
  const { element, find } = await mount("gr-textbox", { autofocus: true });
  expect(document.activeElement).toBe(find("textarea"));
  element.interactive = false;
  await element.updateComplete;
  expect(find("textarea").readOnly).toBe(true);
  expect(find("textarea").disabled).toBe(false); // else no key could reach, select or scroll it
});

test("a long text is drawn without what makes browsers slow, a short one as all others", async () => {
  const { element } = await mount("gr-textbox", { value: "r".repeat(30_000) });
  expect(element.hasAttribute("data-long")).toBe(true);
  element.receive("short");
  await element.updateComplete;
  expect(element.hasAttribute("data-long")).toBe(false);
});

test("who is in the field stays in it while it may only be read, where Enter submits nothing", async () => {
  const { element, find, names } = await mount("gr-textbox");
  find("textarea").focus();
  element.interactive = false;
  await element.updateComplete;
  expect(document.activeElement).toBe(find("textarea"));
  press(find("textarea"), "Enter");
  expect(names()).not.toContain("submit");
});
