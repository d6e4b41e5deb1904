import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { send } from "../../blocks_app/frontend/upload";

/** Stands for the browser's XMLHttpRequest: answers each POST with one path per file. */
class Request {
  static posts: { address: string; names: string[] }[] = [];
  static status = 200;
  static ids = new Set<string>();
  upload: { onprogress?: (event: { loaded: number; total: number }) => void } = {};
  onload?: () => void;
  response: unknown;
  responseType = "";
  status = Request.status;
  private address = "";

  open(_method: string, address: string) {
    const [path, query] = address.split("?");
    Request.ids.add(new URLSearchParams(query).get("upload_id") ?? "");
    this.address = path;
  }

  send(form: FormData) {
    const names = (form.getAll("files") as File[]).map((file) => file.name);
    Request.posts.push({ address: this.address, names });
    this.response = this.status === 200 ? names.map((name) => `id/${name}`) : null;
    queueMicrotask(() => {
      this.upload.onprogress?.({ loaded: names.length, total: names.length });
      this.onload?.();
    });
  }
}

const page = { base: "/chat/", maxFileSize: null };
const files = (count: number) => Array.from({ length: count }, (_, i) => new File(["x"], `${i}.txt`));

beforeEach(() => {
  Request.posts = [];
  Request.status = 200;
  Request.ids.clear();
  vi.stubGlobal("XMLHttpRequest", Request);
});
afterEach(() => vi.unstubAllGlobals());

test("files become wire values, in order", async () => {
  const [first, second] = await send(files(2), page);
  expect(Request.posts).toEqual([{ address: "/chat/upload", names: ["0.txt", "1.txt"] }]);
  expect(first).toMatchObject({
    path: "id/0.txt",
    orig_name: "0.txt",
    size: 1,
    meta: { _type: "gradio.FileData" },
  });
  expect(second.path).toBe("id/1.txt");
});

test("many files go in several requests with one progress", async () => {
  const seen: [number, number][] = [];
  const sent = await send(files(120), page, (done, all) => seen.push([done, all]));
  expect(Request.posts.map((post) => post.names.length)).toEqual([50, 50, 20]);
  expect([...Request.ids].map((id) => /^[0-9a-f]{24}$/.test(id))).toEqual([true, true, true]);
  expect(sent.map((file) => file.orig_name)).toEqual(files(120).map((file) => file.name));
  expect(seen).toEqual([
    [50, 120],
    [100, 120],
    [120, 120],
  ]);
});

test("a file over the limit is refused before it travels", async () => {
  await expect(send(files(1), { base: "/", maxFileSize: 0 })).rejects.toThrow("0.txt is larger than 0 B.");
  expect(Request.posts).toEqual([]);
});

test("the server's refusal is told in words", async () => {
  Request.status = 413;
  await expect(send(files(1), page)).rejects.toThrow("The file is too large for this app.");
});
