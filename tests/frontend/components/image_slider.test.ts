import { expect, test, vi } from "vitest";
import type { GrImageSlider } from "../../../blocks_app/components/image_slider/image_slider";
import "../../../blocks_app/components/image_slider/image_slider";
import "../../../blocks_app/frontend/droparea";
import type { GrDropArea } from "../../../blocks_app/frontend/droparea";
import { mount } from "./support";

const file = (name: string) => ({ path: `AAAAAAAAAAAAAAAAAAAAAA/${name}`, orig_name: name });
vi.mock("../../../blocks_app/frontend/upload", () => ({
  send: async (files: File[]) => files.map((each) => file(each.name)),
}));
const picture = (name: string) => new File(["x"], name, { type: "image/png" });
const BOTH = [file("a.png"), file("b.png")];

test("the slider uncovers the picture below", async () => {
  const { find, element } = await mount<GrImageSlider>("gr-imageslider", {
    value: BOTH,
    slider_position: 30,
  });
  const range = find("input[type=range]");
  const wrap = find<HTMLElement>(".slider-wrap");
  expect([range.value, wrap.style.getPropertyValue("--at")]).toEqual(["30", "30%"]);
  expect([find(".side-left").getAttribute("alt"), find(".side-right").getAttribute("alt")]).toEqual([
    "a.png",
    "b.png",
  ]);
  range.value = "70";
  range.dispatchEvent(new Event("input"));
  await element.updateComplete;
  expect(wrap.style.getPropertyValue("--at")).toBe("70%");
  element.props = { ...element.props, slider_position: 10 };
  await element.updateComplete;
  expect(wrap.style.getPropertyValue("--at")).toBe("10%");
});

test("each side takes a picture, and two at once fill both", async () => {
  const { find, element, names } = await mount<GrImageSlider>("gr-imageslider");
  await find<GrDropArea>("gr-drop-area").take([picture("a.png")]);
  expect(element.value).toMatchObject([{ orig_name: "a.png" }, null]);
  expect(names()).toEqual(["upload", "change", "input"]);
  await element.updateComplete;
  await find<GrDropArea>("gr-drop-area").take([picture("b.png")]);
  await element.updateComplete;
  expect(element.value).toMatchObject(BOTH);
  find("[aria-label=Clear]").click();
  expect(names().slice(6)).toEqual(["clear", "change", "input"]);
  await element.updateComplete;
  await find<GrDropArea>("gr-drop-area").take([picture("c.png"), picture("d.png")]);
  expect(element.value).toMatchObject([{ orig_name: "c.png" }, { orig_name: "d.png" }]);
});

test("an empty output says so, a filled one can be downloaded", async () => {
  const { find, element } = await mount<GrImageSlider>("gr-imageslider", {
    buttons: ["download", "fullscreen"],
  });
  element.interactive = false;
  await element.updateComplete;
  expect(find(".empty").getAttribute("aria-label")).toBe("Empty value");
  element.value = BOTH as never;
  await element.updateComplete;
  expect(find("[aria-label=Download]").getAttribute("download")).toBe("b.png");
  expect(find("[aria-label='View in full screen']")).not.toBeNull();
});
