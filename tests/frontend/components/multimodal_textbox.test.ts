import { readFileSync } from "node:fs";
import { afterEach, expect, test, vi } from "vitest";
import { merged } from "../../../blocks_app/components/multimodal_textbox/message";
import "../../../blocks_app/components/multimodal_textbox/multimodal_textbox";
import { wav } from "../../../blocks_app/components/multimodal_textbox/recording";
import { mount, press, type } from "./support";

const TAG = "gr-multimodaltextbox";
const file = (name: string) => ({ path: `AAAAAAAAAAAAAAAAAAAAAA/${name}`, orig_name: name });

/** A server that takes every upload when it is told to. */
function uploads() {
  const requests: { files: File[]; answer: () => void }[] = [];
  class Request {
    upload: { onprogress?: (event: { loaded: number }) => void } = {};
    status = 200;
    response: unknown;
    onload?: () => void;
    onabort?: () => void;
    open() {}
    send(form: FormData) {
      const files = form.getAll("files") as File[];
      requests.push({
        files,
        answer: () => {
          this.response = files.map((each) => file(each.name).path);
          this.onload?.();
        },
      });
    }
    abort() {
      this.onabort?.();
    }
  }
  vi.stubGlobal("XMLHttpRequest", Request);
  return requests;
}

afterEach(() => vi.unstubAllGlobals());

test("typing changes the text alone, Enter submits", async () => {
  const { element, find, names } = await mount<any>(TAG, { value: { text: "", files: [file("a.png")] } });
  await type(find("textarea"), "hi");
  press(find("textarea"), "Enter");
  expect(element.value).toEqual({ text: "hi", files: [file("a.png")] });
  expect(names()).toEqual(["change", "input", "submit"]);
});

test("nothing is an empty message", async () => {
  const { element } = await mount<any>(TAG);
  expect(element.value).toEqual({ text: "", files: [] });
  element.receive(null);
  expect(element.value).toEqual({ text: "", files: [] });
});

test("a file is named, shown, and can be taken out again", async () => {
  const { element, find, names } = await mount<any>(TAG, {
    value: { text: "", files: [file("a.png"), file("b.csv")] },
  });
  expect([...element.querySelectorAll(".chip a")].map((each: any) => each.textContent)).toEqual([
    "a.png",
    "b.csv",
  ]);
  expect(find(".chip img").getAttribute("src")).toContain("a.png");
  find<HTMLButtonElement>('[aria-label="Remove this file: a.png"]').click();
  await element.updateComplete;
  expect(element.value.files).toEqual([file("b.csv")]);
  expect(names()).toEqual(["change", "input", "focus"]);
});

test("while a file travels nothing is submitted; then it is part of the value", async () => {
  const requests = uploads();
  const { element, find, names } = await mount<any>(TAG);
  const picked = find("input[type=file]");
  Object.defineProperty(picked, "files", { value: [new File(["x"], "a.txt")], configurable: true });
  picked.dispatchEvent(new Event("change"));
  await vi.waitFor(() => expect(requests).toHaveLength(1));
  await element.updateComplete;
  expect(find("progress").getAttribute("aria-label")).toBe("Uploading a.txt");
  expect(find(".submit-button").disabled).toBe(true);
  press(find("textarea"), "Enter");
  expect(names()).toEqual([]);
  requests[0].answer();
  await vi.waitFor(() => expect(element.value.files.map((each: any) => each.orig_name)).toEqual(["a.txt"]));
  expect(names()).toEqual(["change", "input"]);
});

test("an upload can be stopped", async () => {
  const requests = uploads();
  const { element, find } = await mount<any>(TAG);
  const picked = find("input[type=file]");
  Object.defineProperty(picked, "files", { value: [new File(["x"], "a.txt")], configurable: true });
  picked.dispatchEvent(new Event("change"));
  await vi.waitFor(() => expect(requests).toHaveLength(1));
  await element.updateComplete;
  find<HTMLButtonElement>('[aria-label="Cancel the upload of a.txt"]').click();
  await vi.waitFor(() => expect(find(".chip")).toBeNull());
  expect(element.value.files).toEqual([]);
});

test("a long text is pasted as a file, a short one as text", async () => {
  const requests = uploads();
  const { find } = await mount<any>(TAG, { max_plain_text_length: 10 });
  const paste = (text: string): boolean => {
    const event = new Event("paste", { bubbles: true, cancelable: true });
    Object.assign(event, { clipboardData: { files: [], getData: () => text } });
    return find("textarea").dispatchEvent(event);
  };
  expect(paste("short")).toBe(true);
  expect(paste("longer than ten")).toBe(false);
  await vi.waitFor(() => expect(requests).toHaveLength(1));
  expect(requests[0].files[0].name).toBe("pasted_text.txt");
});

test("only what the app takes is sent", async () => {
  const requests = uploads();
  document.body.className = "gradio-container"; // where the page says what was refused
  const { element, find } = await mount<any>(TAG, { file_types: [".csv"] });
  const picked = find("input[type=file]");
  const files = [new File(["x"], "a.exe"), new File(["x"], "a.csv")];
  Object.defineProperty(picked, "files", { value: files, configurable: true });
  picked.dispatchEvent(new Event("change"));
  await vi.waitFor(() => expect(requests).toHaveLength(1));
  expect(requests[0].files.map((each) => each.name)).toEqual(["a.csv"]);
  await vi.waitFor(() => expect(picked.accept).toBe(".csv"));
  await vi.waitFor(() => expect(document.body.textContent).toContain("a.exe: only .csv can be taken."));
  element.remove();
});

test("without sources, or where nothing may be changed, there is nothing to press", async () => {
  const none = await mount<any>(TAG, { sources: [] });
  expect(none.find(".icon-button")).toBeNull();
  const { element, find } = await mount<any>(TAG, {
    value: { text: "x", files: [file("a.png")] },
    stop_btn: "Halt",
  });
  element.interactive = false;
  await element.updateComplete;
  expect(find(".chip button")).toBeNull();
  expect(find("textarea").disabled).toBe(true);
  expect(find(".stop-button").textContent!.trim()).toBe("Halt");
});

test.each(
  JSON.parse(readFileSync("tests/dispatch/typed_messages.json", "utf8")) as Record<string, unknown>[],
)("an answer leaves what was put in meanwhile: %j", ({ asked, answered, typed, shown }) =>
  expect(merged(asked, answered, typed)).toEqual(shown),
);

test("a recording is a WAV file of 16 bits", () => {
  const samples = [new Float32Array([0, 1, -1]), new Float32Array([0.5, 2, -2])];
  const sound = {
    numberOfChannels: 2,
    length: 3,
    sampleRate: 8000,
    getChannelData: (i: number) => samples[i],
  };
  const view = new DataView(wav(sound as never));
  expect([view.byteLength, view.getUint16(22, true), view.getUint32(24, true)]).toEqual([44 + 12, 2, 8000]);
  expect([0, 1, 2, 3, 4, 5].map((i) => view.getInt16(44 + 2 * i, true))).toEqual([
    0, 16384, 32767, 32767, -32767, -32767,
  ]);
});
