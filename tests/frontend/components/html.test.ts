import { expect, test } from "vitest";
import "../../../blocks_app/components/html";
import { mount } from "./support";

test("the markup is drawn as it is", async () => {
  const { find } = await mount("gr-html", { value: "<b id='x'>bold</b>" });
  expect(find("b#x").textContent).toBe("bold");
});

test("scripts do not run, and nothing redirects the page", async () => {
  const value =
    "<script>window.ran = 1</script><base href='https://evil.example'><meta http-equiv=refresh>ok";
  const { find } = await mount("gr-html", { value });
  expect((window as { ran?: number }).ran).toBeUndefined();
  expect(find("base, meta")).toBeNull();
  expect(find(".html-container").textContent).toContain("ok");
});

test("an update of another option leaves the nodes alone", async () => {
  const { element, find } = await mount("gr-html", { value: "<i>a</i>" });
  const node = find("i");
  element.props = { ...element.props, min_height: 50 };
  await element.updateComplete;
  expect(find("i")).toBe(node);
  expect(find<HTMLElement>(".html-container").style.minHeight).toBe("50px");
});

test("a new value raises change, a click raises click", async () => {
  const { element, find, names } = await mount("gr-html", { value: "<i>a</i>" });
  element.receive("<i>b</i>");
  await element.updateComplete;
  await element.updateComplete;
  find("i").click();
  expect(names()).toEqual(["change", "click"]);
});

test("numbers and nothing", async () => {
  expect((await mount("gr-html", { value: 3 })).find(".html-container").textContent).toBe("3");
  expect((await mount("gr-html")).find(".html-container").textContent).toBe("");
});
