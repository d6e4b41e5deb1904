import { beforeEach, expect, test, vi } from "vitest";
import { page } from "blocks";
import {
  copyLater,
  shownValues,
  type GrDeepLinkButton,
} from "../../../blocks_app/components/deep_link_button";
import type { Config } from "../../../blocks_app/frontend/config";
import { mount } from "./support";

const ID = "x".repeat(22);
const show = vi.fn();
vi.mock("../../../blocks_app/frontend/toast", () => ({ show: (toast: unknown) => show(toast) }));
const answer = (body: object, status = 200) =>
  vi.fn(async (_address: string, _request: RequestInit) => new Response(JSON.stringify(body), { status }));
const copied: string[] = [];

beforeEach(() => {
  page.base = "/chat/";
  page.session = "s1";
  window.gradio_config = { current_page: "about" } as Config;
  copied.length = 0;
  show.mockClear();
  vi.stubGlobal("ClipboardItem", undefined);
  Object.defineProperty(navigator, "clipboard", {
    value: { writeText: async (text: string) => void copied.push(text) },
    configurable: true,
  });
});

async function button(props = {}) {
  const all = { value: "Share", copied_value: "Copied!", excluded: [], ...props };
  const found = await mount<GrDeepLinkButton>("gr-deeplinkbutton", all);
  const root = Object.assign(document.createElement("div"), { id: "blocks-root" });
  document.body.append(root);
  return { ...found, root };
}

test("what may be edited goes by value, other blocks only when they are empty, and passwords never", async () => {
  const { root } = await button();
  const block = (blockId: number, value: unknown, interactive: boolean, props = {}) =>
    root.append(Object.assign(document.createElement("gr-x"), { blockId, value, interactive, props }));
  block(1, "typed", true);
  block(2, "hush", true, { type: "password" });
  block(3, "out", false);
  block(4, "", false);
  block(5, "left out", true);
  block(6, [], false);
  expect(await shownValues(root, [5])).toEqual({ values: { 1: "typed" }, empty: [4, 6] });
});

test("a press asks for a link, copies it and says so", async () => {
  vi.stubGlobal("fetch", answer({ id: ID, dropped: [] }));
  const { element, find, names } = await button();
  find("button").click();
  await vi.waitFor(() => expect(find("button").textContent!.trim()).toBe("Copied!"));
  expect(names()).toEqual(["click"]);
  expect(new URL(copied[0]).pathname + new URL(copied[0]).search).toBe(`/chat/about?deep_link=${ID}`);
  const [address, request] = vi.mocked(fetch).mock.calls[0];
  expect(address).toBe("/chat/deep_link?session_hash=s1");
  expect(JSON.parse(request!.body as string)).toEqual({
    page: "about",
    values: {},
    empty: [],
    files: false,
    base: "",
  });
  await vi.waitFor(() => expect(element.said).toBeNull(), 3000);
});

test("what cannot be made is told in the server's words", async () => {
  vi.stubGlobal("fetch", answer({ detail: "Too much." }, 413));
  const { find } = await button();
  find("button").click();
  await vi.waitFor(() => expect(show).toHaveBeenCalledWith(expect.objectContaining({ text: "Too much." })));
  expect(copied).toEqual([]);
});

test("a link that may not be copied is shown to be copied by hand", async () => {
  vi.stubGlobal("fetch", answer({ id: ID, dropped: [] }));
  Object.defineProperty(navigator, "clipboard", {
    value: { writeText: () => Promise.reject(new Error("denied")) },
    configurable: true,
  });
  const { find } = await button();
  find("button").click();
  await vi.waitFor(() => expect(find("dialog input").value).toContain(`deep_link=${ID}`));
});

test("files that the link leaves out are asked about where they may be shared", async () => {
  const fetching = answer({ id: ID, dropped: ["a.txt"] });
  vi.stubGlobal("fetch", fetching);
  const { find } = await button({ share_files: true });
  find("button").click();
  await vi.waitFor(() => expect(find("dialog li")?.textContent).toBe("a.txt"));
  find("dialog button.primary").click();
  await vi.waitFor(() => expect(fetching).toHaveBeenCalledTimes(2));
  expect(JSON.parse(fetching.mock.calls[1][1].body as string).files).toBe(true);
});

test("a browser that wants the text at once gets a promise of it", async () => {
  const write = vi.fn(async (items: { data: Record<string, Promise<Blob>> }[]) => {
    copied.push(await (await items[0].data["text/plain"]).text());
  });
  vi.stubGlobal(
    "ClipboardItem",
    class {
      constructor(readonly data: unknown) {}
    },
  );
  Object.defineProperty(navigator, "clipboard", { value: { write }, configurable: true });
  await copyLater(Promise.resolve("later"));
  expect(copied).toEqual(["later"]);
});
