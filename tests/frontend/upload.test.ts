import { afterEach, expect, test, vi } from "vitest";
import { send } from "../../blocks_app/frontend/upload";

/** A request that answers as it is told. */
class FakeRequest {
  static answer = { status: 200, response: ["/tmp/a.txt"] as unknown };
  static last: FakeRequest;
  upload: { onprogress?: (event: { loaded: number; total: number }) => void } = {};
  status = 0;
  response: unknown = null;
  onload!: () => void;
  onabort!: () => void;
  address = "";
  form!: FormData;

  open(_method: string, address: string): void {
    this.address = address;
    FakeRequest.last = this;
  }

  send(form: FormData): void {
    this.form = form;
    this.upload.onprogress?.({ loaded: 1, total: 2 });
    Object.assign(this, FakeRequest.answer);
    queueMicrotask(() => this.onload());
  }

  abort(): void {
    this.onabort();
  }
}

vi.stubGlobal("XMLHttpRequest", FakeRequest);
afterEach(() => void (FakeRequest.answer = { status: 200, response: ["/tmp/a.txt"] }));

const page = { base: "/chat/", maxFileSize: null };
const file = new File(["hello"], "a.txt", { type: "text/plain" });

test("a file becomes a wire value, with progress on the way", async () => {
  const progress = vi.fn();
  const [data] = await send([file], page, progress);
  expect(FakeRequest.last.address).toBe("/chat/upload");
  expect((FakeRequest.last.form.get("files") as File).name).toBe("a.txt");
  expect(progress).toHaveBeenCalledWith(1, 2);
  expect(data).toEqual({
    path: "/tmp/a.txt",
    orig_name: "a.txt",
    size: 5,
    mime_type: "text/plain",
    meta: { _type: "gradio.FileData" },
  });
});

test("too large: told before anything is sent", async () => {
  await expect(send([file], { ...page, maxFileSize: 4 })).rejects.toThrow("a.txt is larger than 4 B.");
});

test("the server's refusal is passed on in its words", async () => {
  FakeRequest.answer = { status: 413, response: { detail: "No room." } };
  await expect(send([file], page)).rejects.toThrow("No room.");
});
