import { expect, test, vi } from "vitest";
import type { GrElement, Props } from "blocks";
import "../../../blocks_app/components/dropdown";
import { mount as mountAny, press, type } from "./support";

const choices = [
  ["p", "p"],
  ["q", "q"],
  ["r", 3],
];

async function mount(props: Props = {}) {
  const mounted = await mountAny<GrElement>("gr-dropdown", { label: "Letter", choices, ...props });
  const { element, find } = mounted;
  return {
    ...mounted,
    field: find("input"),
    options: () => [...element.querySelectorAll<HTMLElement>("[role=option]")],
    texts: () => [...element.querySelectorAll("[role=option]")].map((option) => option.textContent!.trim()),
    done: () => element.updateComplete,
    openByMouse: async () => {
      find("input").focus();
      find("input").dispatchEvent(new MouseEvent("mousedown", { bubbles: true }));
      await element.updateComplete;
    },
  };
}

test("it is a combobox with the label as its name, closed at first", async () => {
  const { field, find, options } = await mount({ value: 3 });
  expect(field.getAttribute("role")).toBe("combobox");
  expect(field.getAttribute("aria-expanded")).toBe("false");
  expect(find(`label[for="${field.id}"]`).textContent!.trim()).toBe("Letter");
  expect(field.value).toBe("r");
  expect(options()).toEqual([]);
});

test("a closed one that shows none looks at no choice, however many there are", async () => {
  const map = vi.spyOn(Array.prototype, "map");
  const many = Array.from({ length: 5000 }, (_, i) => `Choice ${i}`);
  const { openByMouse, options } = await mount({ choices: many });
  const looked = (): number => map.mock.contexts.filter((each) => each === many).length;
  expect(looked()).toBe(0);
  await openByMouse();
  expect([looked(), options().length > 0]).toEqual([1, true]);
  map.mockRestore();
});

test("opening and picking raises focus, blur, select, input, change", async () => {
  const { element, field, names, data, options, openByMouse, done } = await mount();
  await openByMouse();
  expect(field.getAttribute("aria-expanded")).toBe("true");
  expect(field.getAttribute("aria-controls")).toBe(options()[0].parentElement!.id);
  options()[2].click();
  await done();
  expect(element.value).toBe(3);
  expect(names()).toEqual(["focus", "blur", "select", "input", "change"]);
  expect(data("select")).toEqual({ index: 2, value: 3, selected: true });
  expect(options()).toEqual([]);
});

test("picking the same again raises focus and blur only", async () => {
  const { names, options, openByMouse } = await mount({ value: "q" });
  await openByMouse();
  expect(options()[1].getAttribute("aria-selected")).toBe("true");
  options()[1].click();
  expect(names()).toEqual(["focus", "blur"]);
});

test("typing narrows down, Enter picks the first", async () => {
  const { element, field, texts, done, data } = await mount();
  await type(field, "R");
  await done();
  expect(texts()).toEqual(["r"]);
  press(field, "Enter");
  await done();
  expect(element.value).toBe(3);
  expect(field.value).toBe("r");
  expect(data("key_up")).toEqual({ key: "Enter", input_value: "R" });
});

test("arrows move, Escape closes without choosing", async () => {
  const { element, field, options, done } = await mount();
  press(field, "ArrowDown");
  await done();
  press(field, "ArrowDown");
  press(field, "ArrowDown");
  await done();
  expect(field.getAttribute("aria-activedescendant")).toBe(options()[1].id);
  press(field, "Escape");
  await done();
  expect(options()).toEqual([]);
  expect(element.value).toBe(null);
});

test("leaving with a half-typed text goes back to the chosen one", async () => {
  const { element, field, done } = await mount({ value: "p" });
  await type(field, "zz");
  field.dispatchEvent(new Event("blur"));
  await done();
  expect(element.value).toBe("p");
  expect(field.value).toBe("p");
});

test("a custom value is taken with Enter or on leaving", async () => {
  const { element, field, done, data } = await mount({ allow_custom_value: true });
  await type(field, "new");
  press(field, "Enter");
  await done();
  expect(element.value).toBe("new");
  expect(data("select")).toEqual({ index: -1, value: "new", selected: true });
  await type(field, "newer");
  field.dispatchEvent(new Event("blur"));
  expect(element.value).toBe("newer");
});

test("several: select, change, input per pick; the list stays open", async () => {
  const { element, names, options, openByMouse, done, find, data } = await mount({ multiselect: true });
  expect(element.value).toEqual([]);
  await openByMouse();
  options()[0].click();
  await done();
  expect(names()).toEqual(["focus", "select", "change", "input"]);
  expect(options().length).toBe(3);
  find<HTMLButtonElement>("[aria-label='Remove p']").click();
  expect(element.value).toEqual([]);
  expect(data("select")).toEqual({ index: 0, value: "p", selected: false });
});

test("several: all are removed without select, Backspace removes the last", async () => {
  const { element, names, find, field } = await mount({ multiselect: true, value: ["p", "q", 3] });
  press(field, "Backspace");
  expect(element.value).toEqual(["p", "q"]);
  find<HTMLButtonElement>("[aria-label=Clear]").click();
  expect(element.value).toEqual([]);
  expect(names().slice(-2)).toEqual(["change", "input"]);
});

test("several: no more than max_choices", async () => {
  const { element, options, openByMouse, done } = await mount({
    multiselect: true,
    max_choices: 1,
    value: ["p"],
  });
  await openByMouse();
  expect(options()[1].getAttribute("aria-disabled")).toBe("true");
  options()[1].click();
  await done();
  expect(element.value).toEqual(["p"]);
});

test("num_choices_shown bounds the list, and typing finds the others", async () => {
  const { field, texts, openByMouse, done } = await mount({ num_choices_shown: 2 });
  await openByMouse();
  expect(texts()).toEqual(["p", "q"]);
  await type(field, "r");
  await done();
  expect(texts()).toEqual(["r"]);
});

test("not filterable: nothing can be typed, a letter goes to its choice", async () => {
  const { element, field, done } = await mount({ filterable: false });
  expect(field.readOnly).toBe(true);
  press(field, "q");
  await done();
  press(field, "Enter");
  expect(element.value).toBe("q");
});

test("the server's value and an update of another option raise what they must", async () => {
  const { element, names, field, done } = await mount({ value: "p" });
  element.receive("q");
  await done();
  await done();
  expect(field.value).toBe("q");
  element.props = { ...element.props, choices: [["Q!", "q"]] };
  await done();
  expect(field.value).toBe("Q!");
  expect(names()).toEqual(["change"]);
});

const many = Array.from({ length: 5000 }, (_, i) => `Choice ${i}`);

test("of a long list a part is drawn, and each option says where it stands", async () => {
  const { options, openByMouse, find } = await mount({ choices: many, num_choices_shown: null });
  await openByMouse();
  expect(options().length).toBeLessThan(100);
  expect(options()[3].getAttribute("aria-posinset")).toBe("4");
  expect(options()[3].getAttribute("aria-setsize")).toBe("5000");
  expect(find("[role=presentation]").getAttribute("style")).toMatch(/height: ?\d{6}px/);
});

test("a long list opens at what is chosen, and keys reach its ends", async () => {
  const { element, field, options, openByMouse, done } = await mount({ choices: many, value: "Choice 4000" });
  element.props = { ...element.props, num_choices_shown: null };
  await done();
  await openByMouse();
  const active = () => options().find(({ id }) => id === field.getAttribute("aria-activedescendant"));
  expect(active()!.textContent!.trim()).toBe("Choice 4000");
  press(field, "End");
  await done();
  expect(active()!.textContent!.trim()).toBe("Choice 4999");
  press(field, "ArrowDown");
  await done();
  expect(active()!.textContent!.trim()).toBe("Choice 0");
  press(field, "PageDown");
  await done();
  expect(Number(active()!.dataset.index)).toBeGreaterThan(3);
  press(field, "Home");
  await done();
  expect(active()!.textContent!.trim()).toBe("Choice 0");
});

test("what was scrolled away of one list is not missing of the next", async () => {
  const props = { choices: many, num_choices_shown: null, allow_custom_value: true };
  const { field, find, options, openByMouse, done } = await mount(props);
  await openByMouse();
  const list = find<HTMLElement>("[role=listbox]");
  list.scrollTop = 100_000;
  list.dispatchEvent(new Event("scroll"));
  await done();
  expect(Number(options()[0].dataset.index)).toBeGreaterThan(2000);
  await type(field, "choice");
  await done();
  expect(options()[0].dataset.index).toBe("0");
  expect(find<HTMLElement>("[role=listbox]").scrollTop).toBe(0);
});

test("one that is only read has the focus and tells nothing", async () => {
  const { element, field, names, options, done } = await mount({ value: "p" });
  element.interactive = false;
  await done();
  field.focus();
  press(field, "ArrowDown");
  press(field, "Backspace");
  await done();
  expect(document.activeElement).toBe(field);
  expect(options()).toEqual([]);
  expect(element.value).toBe("p");
  expect(names()).toEqual([]);
});

test("Home and End are the text's while something is typed, and closed they open nothing", async () => {
  const { field, options, done } = await mount();
  press(field, "End");
  await done();
  expect(options()).toEqual([]);
  await type(field, "q");
  await done();
  const home = new KeyboardEvent("keydown", { key: "Home", bubbles: true, cancelable: true });
  field.dispatchEvent(home);
  expect(home.defaultPrevented).toBe(false);
});

test("when no choice matches, the list says so, and screen readers hear how many do", async () => {
  vi.useFakeTimers();
  const live = Object.assign(document.createElement("div"), { id: "blocks-live" });
  const { element, field, done, find } = await mount();
  document.body.append(live);
  await type(field, "zzz");
  await done();
  expect(find(".no-match").textContent!.trim()).toBe("No choice matches");
  expect(field.getAttribute("aria-expanded")).toBe("false");
  vi.runAllTimers();
  expect(live.textContent).toBe("No choice matches");
  await type(field, "q");
  await done();
  vi.runAllTimers();
  expect(live.textContent).toBe("1 choice");
  expect(element.querySelector(".no-match")).toBeNull();
  vi.useRealTimers();
});
