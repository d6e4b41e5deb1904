import { expect, test } from "vitest";
import "../../../blocks_app/components/button";
import { mount } from "./support";

test("the id and the classes sit on the button itself", async () => {
  const { find } = await mount("gr-button", {
    value: "Go",
    elem_id: "go",
    elem_classes: ["mine"],
    variant: "stop",
  });
  const button = find<HTMLButtonElement>("button");
  expect(button.id).toBe("go");
  expect(button.className).toBe("lg stop  mine");
  expect(button.textContent!.trim()).toBe("Go");
});

test("a press raises click", async () => {
  const { find, names } = await mount("gr-button", { value: "Go" });
  find("button").click();
  expect(names()).toEqual(["click"]);
});

test("switched off, it cannot be pressed", async () => {
  const { find } = await mount("gr-button", { value: "Go", interactive: false });
  expect(find<HTMLButtonElement>("button").disabled).toBe(true);
});

test("a new text raises change, and none when it is the same", async () => {
  const { element, find, names } = await mount("gr-button", { value: "Go" });
  element.receive("Go");
  element.receive("Stop");
  await element.updateComplete;
  await element.updateComplete;
  expect(names()).toEqual(["change"]);
  expect(find("button").textContent!.trim()).toBe("Stop");
});

test("with a link it is a link that cannot reach back", async () => {
  const { find } = await mount("gr-button", {
    value: "Docs",
    link: "https://example.org/",
    link_target: "_self",
  });
  const link = find<HTMLAnchorElement>("a");
  expect(link.getAttribute("href")).toBe("https://example.org/");
  expect(link.target).toBe("_self");
  expect(link.rel).toBe("noopener noreferrer");
});

test.each(["javascript:alert(1)", " java\nscript:alert(1)", "data:text/html,x", "vbscript:x"])(
  "the link %s leads nowhere",
  async (link) => {
    const { find } = await mount("gr-button", { value: "x", link });
    expect(find("a").hasAttribute("href")).toBe(false);
  },
);

test("the icon stands before the text", async () => {
  const { find } = await mount("gr-button", { value: "x", icon: { path: "a/b.svg", url: "/file=a/b.svg" } });
  expect(find("button img").getAttribute("src")).toBe("/file=a/b.svg");
  expect(find("button img").getAttribute("alt")).toBe("");
});
