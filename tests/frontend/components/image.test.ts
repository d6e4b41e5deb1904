import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { page } from "blocks";
import type { GrImage } from "../../../blocks_app/components/image";
import "../../../blocks_app/components/image";
import { pixelAt } from "../../../blocks_app/frontend/shared/picking";
import "../../../blocks_app/frontend/camera";
import type { GrCamera } from "../../../blocks_app/frontend/camera";
import "../../../blocks_app/frontend/droparea";
import type { GrDropArea } from "../../../blocks_app/frontend/droparea";
import { mount } from "./support";

const PATH = "AAAAAAAAAAAAAAAAAAAAAA/cat.png";
const CAT = { path: PATH, url: "http://elsewhere/file=x", orig_name: "cat.png" };

const send = vi.fn(async (files: File[]) => files.map((file) => ({ path: PATH, orig_name: file.name })));
vi.mock("../../../blocks_app/frontend/upload", () => ({ send: (files: File[]) => send(files) }));

const show = vi.fn();
vi.mock("../../../blocks_app/frontend/toast", () => ({ show: (toast: unknown) => show(toast) }));

beforeEach(() => {
  page.base = "/chat/";
});
afterEach(() => {
  vi.unstubAllGlobals();
  send.mockClear();
});

test("without a picture it asks for one, by the name that tests rely on", async () => {
  const { find, element } = await mount<GrImage>("gr-image", { label: "Photo" });
  await find<GrDropArea>("gr-drop-area").updateComplete;
  const button = find("gr-drop-area button");
  expect(button.textContent!.replace(/\s+/g, " ").trim()).toBe("Drop Image Here - or - Click to Upload");
  expect(find("[data-testid=block-label]").textContent!.trim()).toBe("Photo");
  expect(find("input[type=file]").getAttribute("accept")).toBe("image/*");
  expect(
    [...element.querySelectorAll("[data-testid=source-select] button")].map((b) =>
      b.getAttribute("aria-label"),
    ),
  ).toEqual(["Upload file", "Capture from camera", "Paste from clipboard"]);
});

test("an upload tells upload, change, input; clear tells clear, change, input", async () => {
  const { find, element, names } = await mount<GrImage>("gr-image");
  await find<GrDropArea>("gr-drop-area").take([new File(["x"], "cat.png", { type: "image/png" })]);
  expect(names()).toEqual(["upload", "change", "input"]);
  await element.updateComplete;
  expect(find("[data-testid=detailed-image]").getAttribute("src")).toBe(`/chat/file=${PATH}`);
  find("[aria-label=Clear]").click();
  expect(names().slice(3)).toEqual(["clear", "change", "input"]);
  expect(element.value).toBeNull();
});

test("what is no picture is refused in words", async () => {
  const { find, names } = await mount<GrImage>("gr-image");
  await find<GrDropArea>("gr-drop-area").take([new File(["x"], "a.txt", { type: "text/plain" })]);
  expect(send).not.toHaveBeenCalled();
  expect(names()).toEqual([]);
  await vi.waitFor(() =>
    expect(show).toHaveBeenCalledWith({ level: "error", text: "a.txt: only image can be taken." }),
  );
});

test("an output shows its picture with download and full screen, and no inputs", async () => {
  const { find, element } = await mount<GrImage>("gr-image", {
    alt_text: "A cat",
    buttons: ["download", "fullscreen"],
  });
  element.interactive = false;
  element.receive(CAT);
  await element.updateComplete;
  expect(find<HTMLImageElement>("img").alt).toBe("A cat");
  expect(find<HTMLAnchorElement>("[aria-label=Download]").download).toBe("cat.png");
  expect(find("[aria-label='View in full screen']")).not.toBeNull();
  expect(find("[aria-label=Clear], input")).toBeNull();
  element.props = { buttons: [] };
  await element.updateComplete;
  expect(find("[aria-label=Download]")).toBeNull();
});

test("an empty output says so", async () => {
  const { find, element } = await mount<GrImage>("gr-image");
  element.interactive = false;
  await element.updateComplete;
  expect(find(".empty").getAttribute("aria-label")).toBe("Empty value");
});

test("a click tells the pixel of the picture, only when somebody listens", async () => {
  const image = document.createElement("img");
  Object.defineProperties(image, { naturalWidth: { value: 100 }, naturalHeight: { value: 50 } });
  image.getBoundingClientRect = () => ({ left: 10, top: 10, width: 200, height: 200 }) as DOMRect;
  expect(pixelAt(image, { clientX: 10, clientY: 60 } as MouseEvent)).toEqual([0, 0]);
  expect(pixelAt(image, { clientX: 110, clientY: 110 } as MouseEvent)).toEqual([50, 25]);
  expect(pixelAt(image, { clientX: 110, clientY: 20 } as MouseEvent)).toBeNull();
  const { find, names } = await mount<GrImage>("gr-image", { value: CAT });
  find(".image-frame").click();
  expect(names()).toEqual([]);
});

test("the clipboard button uploads the picture it finds", async () => {
  const item = {
    types: ["text/html", "image/png"],
    getType: async () => new Blob(["x"], { type: "image/png" }),
  };
  vi.stubGlobal("navigator", { clipboard: { read: async () => [item] } });
  const { find, names } = await mount<GrImage>("gr-image");
  find("[aria-label='Paste from clipboard']").click();
  await vi.waitFor(() => expect(names()).toEqual(["upload", "change", "input"]));
  expect(send.mock.calls[0][0][0].name).toBe("clipboard.png");
});

test("a camera that is not there is told", async () => {
  vi.stubGlobal("navigator", { mediaDevices: undefined });
  const { find } = await mount<GrImage>("gr-image", { sources: ["webcam"] });
  await vi.waitFor(() => expect(find(".camera-access")).not.toBeNull());
  find(".camera-access").click();
  await vi.waitFor(() => expect(find("[role=alert]")?.textContent).toMatch(/https and localhost/));
});

/** A camera that streams numbered pictures, and whoever works on them. */
async function streaming(props = {}) {
  const track = Object.assign(new EventTarget(), { stop: () => undefined });
  const live = Object.assign(new MediaStream(), { getTracks: () => [track], getVideoTracks: () => [track] });
  const mediaDevices = { getUserMedia: async () => live, enumerateDevices: async () => [] };
  vi.stubGlobal("navigator", { mediaDevices });
  const mounted = await mount<GrImage>("gr-image", {
    sources: ["webcam"],
    streaming: true,
    stream_every: 0.001,
    ...props,
  });
  const lens = mounted.find<GrCamera>("gr-camera");
  let taken = 0;
  vi.spyOn(lens, "picture").mockImplementation(
    async () => new File([`${++taken}`], "webcam.jpeg", { type: "image/jpeg" }),
  );
  const working: (() => void)[] = [];
  let busy = false;
  mounted.element.addEventListener("gr-free", (event) => {
    const asked = (event as CustomEvent<{ free?: Promise<void> }>).detail;
    asked.free = busy ? new Promise((done) => working.push(done)) : Promise.resolve();
  });
  mounted.element.addEventListener("gr-event", () => (busy = true));
  await lens.open();
  await lens.updateComplete;
  const press = async () => {
    lens.querySelector<HTMLButtonElement>("[aria-label$=recording]")!.click();
    await lens.updateComplete;
  };
  const seen = () => atob(mounted.element.value!.url!.split(",")[1]);
  return {
    ...mounted,
    lens,
    track,
    press,
    seen,
    asked: () => working.length,
    done: () => {
      busy = false;
      working.splice(0).forEach((free) => free());
    },
    taken: () => taken,
  };
}

test("a streamed picture tells stream and no change, and nothing is uploaded for it", async () => {
  const { element, names, press, seen, find } = await streaming();
  await press();
  await vi.waitFor(() => expect(names()).toEqual(["stream"]));
  expect(seen()).toBe("1");
  expect(element.value!.url).toMatch(/^data:image\/jpeg;base64,/);
  expect(send).not.toHaveBeenCalled();
  await element.updateComplete;
  expect(find("gr-camera")).not.toBeNull();
});

test("the next picture of a stream is taken when the one before has been worked on", async () => {
  const { names, press, seen, asked, done, taken, lens } = await streaming();
  await press();
  for (let count = 1; count <= 3; count++) {
    await vi.waitFor(() => expect(asked()).toBe(1));
    expect([taken(), names().length, seen()]).toEqual([count, count, `${count}`]);
    done();
  }
  await vi.waitFor(() => expect(asked()).toBe(1));
  await press(); // ended and begun anew while it waits: still one stream
  await press();
  await vi.waitFor(() => expect(asked()).toBe(2));
  const before = taken();
  done();
  await vi.waitFor(() => expect(asked()).toBe(1));
  expect(taken()).toBe(before + 1);
  lens.remove();
  done();
});

test("a camera that is taken away ends its stream, and that is told", async () => {
  const { press, track, lens, find, names } = await streaming();
  await press();
  await vi.waitFor(() => expect(names()).toEqual(["stream"]));
  track.dispatchEvent(new Event("ended"));
  await lens.updateComplete;
  expect(find("[role=alert]").textContent).toContain("The camera has gone.");
  expect(find("video")).toBeNull();
});

test("a stream of pictures ends at its time limit", async () => {
  const { press, done, lens, find, names } = await streaming({ time_limit: 0.02 });
  await press();
  expect(find("[aria-label='stop recording']")).not.toBeNull();
  await vi.waitFor(async () => {
    done();
    await lens.updateComplete;
    expect(find("[aria-label='start recording']")).not.toBeNull();
  });
  expect(names()).toContain("stream");
});

test("the share button gives the address to the device, or copies it", async () => {
  const writeText = vi.fn(() => Promise.resolve());
  vi.stubGlobal("navigator", { clipboard: { writeText } });
  const { find } = await mount<GrImage>("gr-image", { buttons: ["share"], value: CAT });
  find<HTMLButtonElement>("[aria-label=Share]").click();
  await vi.waitFor(() => expect(writeText).toHaveBeenCalledWith(expect.stringContaining("cat.png")));
  const share = vi.fn(() => Promise.resolve());
  vi.stubGlobal("navigator", { canShare: () => true, share, clipboard: { writeText } });
  find<HTMLButtonElement>("[aria-label=Share]").click();
  await vi.waitFor(() => expect(share).toHaveBeenCalledOnce());
  expect(writeText).toHaveBeenCalledOnce();
  vi.unstubAllGlobals();
});
