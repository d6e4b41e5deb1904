/**
 * The page "Use via API" (templates/blocks_app/api.html): copy buttons at the examples, and forms that call an endpoint as
 * a program would, by `call` and its stream of events. The server draws all of it; without this script nothing is missing
 * but these.
 */
import "./api_page.css";

const page = document.querySelector<HTMLElement>("main.api")!;
const API = `${page.dataset.base!}gradio_api/`;
const COPIED = 4000;

/** What is told to who does not see it. */
const said = document.createElement("p");
said.role = "status";
said.className = "sr-only";
page.append(said);

type Field = HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement;
type Told = { event: string; data: string };

/** As copying.ts does it, which belongs to the modules of a page with components. */
async function copyText(snippet: HTMLElement): Promise<void> {
  const code = snippet.querySelector("code")!;
  if (navigator.clipboard) return navigator.clipboard.writeText(code.textContent ?? "");
  getSelection()?.selectAllChildren(code); // a page by plain http has no clipboard of its own
  document.execCommand("copy");
}

function addCopy(snippet: HTMLElement): void {
  const button = Object.assign(document.createElement("button"), {
    type: "button",
    className: "sm secondary copy",
  });
  button.textContent = page.dataset.copy!;
  button.addEventListener("click", () => {
    void copyText(snippet).then(() => {
      button.textContent = page.dataset.copied!;
      said.textContent = "";
      setTimeout(() => (said.textContent = page.dataset.copied!), 100);
      setTimeout(() => (button.textContent = page.dataset.copy!), COPIED);
    });
  });
  snippet.prepend(button);
}

/** The path of a file on the server. */
async function upload(file: File, signal: AbortSignal): Promise<unknown> {
  const form = new FormData();
  form.append("files", file);
  const answer = await fetch(`${API}upload`, { method: "POST", body: form, signal });
  if (!answer.ok) throw new Error(await reason(answer));
  const [path] = (await answer.json()) as string[];
  return { path, orig_name: file.name, meta: { _type: "gradio.FileData" } };
}

/** What the server says of a request that it refuses. */
async function reason(answer: Response): Promise<string> {
  try {
    const { detail } = (await answer.json()) as { detail?: unknown };
    return typeof detail === "string" ? detail : JSON.stringify(detail);
  } catch {
    return `${answer.status} ${answer.statusText}`;
  }
}

async function valueOf(field: Field, signal: AbortSignal): Promise<unknown> {
  const kind = field.dataset.kind;
  if (kind === "bool") return (field as HTMLInputElement).checked;
  if (kind === "number") return field.value === "" ? null : Number(field.value);
  if (kind === "json") return JSON.parse(field.value || "null") as unknown;
  if (kind === "file" || kind === "files") {
    const files = await Promise.all(
      [...(field as HTMLInputElement).files!].map((file) => upload(file, signal)),
    );
    return kind === "files" ? files : (files[0] ?? null);
  }
  return field.value;
}

/** The events of a stream, as they come. */
async function* eventsOf(stream: ReadableStream<Uint8Array>): AsyncGenerator<Told> {
  const reader = stream.getReader();
  const decoder = new TextDecoder();
  let rest = "";
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    const parts = (rest + decoder.decode(value, { stream: true })).split("\n\n");
    rest = parts.pop()!;
    for (const part of parts) {
      const told: Told = { event: "", data: "" };
      for (const line of part.split("\n")) {
        const [, name, text] = /^(event|data): ?(.*)$/.exec(line) ?? [];
        if (name) told[name as keyof Told] += text!;
      }
      if (told.event) yield told;
    }
  }
}

function shownError(form: HTMLFormElement, data: string): string {
  try {
    const told = JSON.parse(data) as { error?: string | null } | string | null;
    const text = typeof told === "string" ? told : told?.error;
    return text ?? form.dataset.silent!;
  } catch {
    return data || form.dataset.silent!;
  }
}

/** Lets a form call its endpoint. */
class Trial {
  #stopping: AbortController | undefined;
  readonly #took: HTMLElement;
  readonly #answer: HTMLElement;
  readonly #run: HTMLButtonElement;
  readonly #stop: HTMLButtonElement;

  constructor(private readonly form: HTMLFormElement) {
    this.#took = form.querySelector(".took")!;
    this.#answer = form.querySelector(".answer")!;
    this.#run = form.querySelector("[type=submit]")!;
    this.#stop = form.querySelector(".stop")!;
    form.hidden = false;
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      void this.#call();
    });
    this.#stop.addEventListener("click", () => this.#stopping?.abort());
  }

  #show(text: string): void {
    this.#answer.textContent = text;
    this.#answer.hidden = !text;
  }

  async #call(): Promise<void> {
    this.#stopping?.abort();
    const stopping = (this.#stopping = new AbortController());
    const began = performance.now();
    const after = (text: string): string =>
      text.replace("{0}", ((performance.now() - began) / 1000).toFixed(2));
    const words = this.form.dataset;
    this.#took.textContent = words.running!;
    this.#show("");
    this.#stop.hidden = false;
    try {
      this.#took.textContent = after((await this.#follow(stopping.signal)) ? words.took! : words.failed!);
    } catch (error) {
      if (stopping !== this.#stopping) return;
      const stopped = stopping.signal.aborted;
      this.#took.textContent = after(stopped ? words.stopped! : words.failed!);
      if (!stopped) this.#show(error instanceof SyntaxError ? words.unread! : (error as Error).message);
    } finally {
      if (stopping === this.#stopping) {
        if (document.activeElement === this.#stop) this.#run.focus();
        this.#stop.hidden = true;
      }
    }
  }

  /** Calls, and shows what comes; whether it went well. */
  async #follow(signal: AbortSignal): Promise<boolean> {
    const address = `${API}call${this.form.dataset.endpoint!}`;
    const fields = [...this.form.querySelectorAll<Field>("[data-kind]")];
    const data = await Promise.all(fields.map((field) => valueOf(field, signal)));
    const headers = { "Content-Type": "application/json" };
    const started = await fetch(address, { method: "POST", headers, body: JSON.stringify({ data }), signal });
    if (!started.ok) throw new Error(await reason(started));
    const { event_id: event } = (await started.json()) as { event_id: string };
    const answer = await fetch(`${address}/${event}`, { signal });
    if (!answer.ok) throw new Error(await reason(answer));
    for await (const told of eventsOf(answer.body!)) {
      if (told.event === "error") {
        this.#show(shownError(this.form, told.data));
        return false;
      }
      if (told.event !== "generating" && told.event !== "complete") continue;
      this.#show(JSON.stringify(JSON.parse(told.data), null, 2));
      if (told.event === "complete") return true;
    }
    throw new Error(this.form.dataset.silent);
  }
}

page.querySelectorAll<HTMLElement>(".snippet").forEach(addCopy);
page.querySelectorAll<HTMLFormElement>(".try form").forEach((form) => new Trial(form));
