import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { page } from "blocks";
import type { GrDownloadButton } from "../../../blocks_app/components/download_button";
import type { GrUploadButton } from "../../../blocks_app/components/upload_button";
import "../../../blocks_app/components/download_button";
import "../../../blocks_app/components/upload_button";
import { mount } from "./support";

const path = (letter: string) => `${letter.repeat(22)}/${letter}.txt`;
const send = vi.fn(
  async (files: File[], _progress?: (done: number, all: number) => void, _signal?: AbortSignal) =>
    files.map((one) => ({ path: path("n"), orig_name: one.name })),
);
const show = vi.fn();
vi.mock("../../../blocks_app/frontend/toast", () => ({ show: (toast: unknown) => show(toast) }));
vi.mock("../../../blocks_app/frontend/upload", () => ({
  send: (files: File[], _page: unknown, progress: () => void, signal: AbortSignal) =>
    send(files, progress, signal),
}));

beforeEach(() => {
  page.base = "/chat/";
});
afterEach(() => send.mockClear());

const upload = (props = {}) => mount<GrUploadButton>("gr-uploadbutton", { label: "Give", ...props });

async function choose(input: HTMLInputElement, ...names: string[]): Promise<void> {
  Object.defineProperty(input, "files", {
    value: names.map((name) => new File(["x"], name)),
    configurable: true,
  });
  Object.defineProperty(input, "value", { value: "", writable: true, configurable: true });
  input.dispatchEvent(new Event("change"));
}

test("a click opens the dialog, and a file tells change and upload", async () => {
  const { element, find, names, data } = await upload();
  const opened = vi.spyOn(find("input"), "click");
  find("button").click();
  expect(opened).toHaveBeenCalledOnce();
  await choose(find("input"), "a.txt");
  await vi.waitFor(() => expect(names()).toEqual(["click", "change", "upload"]));
  expect(element.value).toMatchObject({ orig_name: "a.txt" });
  expect(data("upload")).toMatchObject({ orig_name: "a.txt" });
});

test("several files are a list; others than the wanted ones are refused in words", async () => {
  const { element, find } = await upload({ file_count: "multiple", file_types: [".txt"] });
  await vi.waitFor(() => expect(find("input").accept).toBe(".txt"));
  expect(find("input").multiple).toBe(true);
  await choose(find("input"), "a.txt", "b.exe", "c.txt");
  await vi.waitFor(() => expect(element.value).toHaveLength(2));
  await vi.waitFor(() =>
    expect(show).toHaveBeenCalledWith({ level: "error", text: "b.exe: only .txt can be taken." }),
  );
});

test("it tells how far an upload is, and a second click cancels it", async () => {
  const { find, names } = await upload();
  let signal: AbortSignal | undefined;
  send.mockImplementationOnce((_files, progress, given) => {
    progress!(1, 4);
    signal = given;
    return new Promise((_, fail) =>
      given!.addEventListener("abort", () => fail(new DOMException("", "AbortError"))),
    );
  });
  await choose(find("input"), "a.txt");
  await vi.waitFor(() => expect(find("[role=status]").textContent).toBe("Uploading… 25 %"));
  find("button").click();
  expect(signal!.aborted).toBe(true);
  await vi.waitFor(() => expect(find("button").textContent!.trim()).toBe("Give"));
  expect(names()).toEqual([]);
});

test("a download button is a link to its file, else a button; both tell of the click", async () => {
  const file = { path: path("a"), orig_name: "a.txt" };
  const { element, find, names } = await mount<GrDownloadButton>("gr-downloadbutton", { label: "Take" });
  find("button").click();
  element.receive(file);
  await element.updateComplete;
  const link = find<HTMLAnchorElement>("a");
  expect([link.getAttribute("href"), link.download]).toEqual([`/chat/file=${path("a")}`, "a.txt"]);
  link.addEventListener("click", (event) => event.preventDefault());
  link.click();
  expect(names()).toEqual(["click", "change", "click"]);
  element.props = { label: "Take", interactive: false };
  await element.updateComplete;
  expect(find("a").hasAttribute("href")).toBe(false);
});
