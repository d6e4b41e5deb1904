/** Long polling that looks like a WebSocket, for networks that let none through. Loaded only there. */

import { parse, stringify } from "blocks";

type Received = { data: string };

/** Frames, and characters of them, that go in one request if they are more than one. */
const MANY = 100;
const LONG = 256 * 1024;
/** Statuses that are about what was sent, not about who sends it. */
const ABOUT_FRAMES = [400, 408, 413, 422];
/** Another process answers: the page says hello to it. */
const ELSEWHERE = 409;

/** After the first failure it is closed, and whoever uses it tries again. */
export class PollSocket {
  readyState: number = WebSocket.CONNECTING;
  onmessage: ((event: Received) => void) | null = null;
  onclose: (() => void) | null = null;
  private readonly address: URL;
  private readonly end = new AbortController();
  private after: number;
  private waiting: string[] = [];
  private sending = false;
  /** The process that has said hello. */
  private process: string | null = null;

  constructor(socket: URL) {
    this.address = new URL(socket.href.replace(/^ws/, "http").replace("/queue/ws?", "/queue/poll?"));
    this.after = Number(this.address.searchParams.get("after"));
    void this.read();
  }

  send(frame: string): void {
    this.waiting.push(frame);
    if (!this.sending) void this.write();
  }

  close(): void {
    if (this.readyState === WebSocket.CLOSED) return;
    this.readyState = WebSocket.CLOSED;
    this.end.abort();
    this.onclose?.();
  }

  /** Says hello, then asks for messages for as long as there is an answer. */
  private async read(): Promise<void> {
    for (let hello = true; this.readyState !== WebSocket.CLOSED; hello = false) {
      const address = new URL(this.address);
      if (hello) address.searchParams.set("hello", "1");
      else this.withProcess(address);
      address.searchParams.set("after", String(this.after));
      const text = await this.ask(address);
      if (text === null) return;
      if (hello) this.readyState = WebSocket.OPEN;
      if (text) this.deliver(text);
    }
  }

  /** Sends what has gathered, in order: one request at a time. */
  private async write(): Promise<void> {
    this.sending = true;
    while (this.waiting.length && this.readyState === WebSocket.OPEN) {
      let length = 0;
      const few = this.waiting.findIndex((frame, i) => i && (i === MANY || (length += frame.length) > LONG));
      await this.post(this.waiting.splice(0, few < 0 ? this.waiting.length : few));
    }
    this.sending = false;
  }

  /** What cannot be taken together is sent one by one; then it costs the event that it is about. */
  private async post(frames: string[]): Promise<void> {
    const address = this.withProcess(new URL(this.address));
    const about = frames.length > 1 ? true : frames[0];
    const text = await this.ask(address, { method: "POST", body: `[${frames.join(",")}]` }, about);
    if (text) for (const frame of parse(text) as unknown[]) this.deliver(stringify(frame));
    if (text !== "" || frames.length === 1) return;
    for (const frame of frames) if (this.readyState === WebSocket.OPEN) await this.post([frame]);
  }

  private withProcess(address: URL): URL {
    if (this.process !== null) address.searchParams.set("process", this.process);
    return address;
  }

  private deliver(data: string): void {
    if (this.readyState === WebSocket.CLOSED) return;
    const frame = parsed(data);
    // a new server counts from the start, so it is asked from where the page will go on
    if (frame.type === "welcome") {
      this.after = Math.min(this.after, frame.number!);
      this.process = String(frame.app_id);
    }
    const last = frame.items?.at(-1);
    if (last) this.after = last[0];
    this.onmessage?.({ data });
    const { event_id, status } = frame;
    const sentAway = frame.type === "refused" && !event_id && status === 429; // come back for the rest
    if (frame.type === "replaced" || sentAway) this.close();
  }

  /**
   * The answer's text; null after a failure, which ends this socket. `about`: the frame that is sent, or true for
   * several; a failure that is theirs alone is heard as the event's, or answered by an empty text.
   */
  private async ask(address: URL, options?: RequestInit, about?: string | true): Promise<string | null> {
    try {
      const answer = await fetch(address, { ...options, signal: this.end.signal, cache: "no-store" });
      const text = await answer.text();
      if (answer.ok) return text;
      const { status } = answer;
      const { detail } = JSON.parse(text) as { detail: string };
      if (about && ABOUT_FRAMES.includes(status)) {
        if (about !== true)
          this.refuse((JSON.parse(about) as { event_id?: string }).event_id, status, detail);
        return "";
      }
      if (status < 500 && status !== ELSEWHERE) this.refuse(undefined, status, detail);
    } catch {
      // gone; the page is told by the end
    }
    this.close();
    return null;
  }

  private refuse(event_id: string | undefined, status: number, detail: string): void {
    this.deliver(JSON.stringify({ type: "refused", event_id: event_id ?? null, status, detail }));
  }
}

interface Parsed {
  type?: string;
  number?: number;
  app_id?: number;
  event_id?: string | null;
  status?: number;
  items?: [number, unknown][];
}

/** A frame; where it cannot be read, the page finds out what can, and here only its last number matters. */
function parsed(data: string): Parsed {
  try {
    return JSON.parse(data) as Parsed;
  } catch {
    const numbers = [...data.matchAll(/[,[]\[(\d+),\{"msg":/g)].map(([, number]) => Number(number));
    return { items: numbers.length ? [[Math.max(...numbers), null]] : [] };
  }
}
