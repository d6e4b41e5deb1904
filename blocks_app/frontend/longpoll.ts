/** Long polling that looks like a WebSocket, for networks that let none through. Loaded only there. */

import { parse, stringify } from "blocks";

type Heard = { data: string };

/** After the first failure it is closed, and whoever uses it tries again. */
export class PollSocket {
  readyState: number = WebSocket.CONNECTING;
  onmessage: ((event: Heard) => void) | null = null;
  onclose: (() => void) | null = null;
  private readonly address: URL;
  private readonly end = new AbortController();
  private after: number;
  private waiting: string[] = [];
  private sending = false;

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

  /** Says hello, then asks for news for as long as there is an answer. */
  private async read(): Promise<void> {
    for (let hello = true; this.readyState !== WebSocket.CLOSED; hello = false) {
      const address = new URL(this.address);
      if (hello) address.searchParams.set("hello", "1");
      address.searchParams.set("after", String(this.after));
      const text = await this.ask(address);
      if (text === null) return;
      if (hello) this.readyState = WebSocket.OPEN;
      if (text) this.hear(text);
    }
  }

  /** Sends what has gathered, in order: one request at a time. */
  private async write(): Promise<void> {
    this.sending = true;
    while (this.waiting.length && this.readyState === WebSocket.OPEN) {
      const body = `[${this.waiting.splice(0, 1000).join(",")}]`;
      const text = await this.ask(this.address, { method: "POST", body });
      if (text === null) break;
      for (const frame of parse(text) as unknown[]) this.hear(stringify(frame));
    }
    this.sending = false;
  }

  private hear(data: string): void {
    if (this.readyState === WebSocket.CLOSED) return;
    const frame = JSON.parse(data) as { type: string; number?: number; items?: [number, unknown][] };
    // a new server counts from the start, so it is asked from where the page will go on
    if (frame.type === "welcome") this.after = Math.min(this.after, frame.number!);
    const last = frame.items?.at(-1);
    if (last) this.after = last[0];
    this.onmessage?.({ data });
    if (frame.type === "replaced") this.close();
  }

  /** The answer's text; null after a failure, which ends this socket. */
  private async ask(address: URL, options?: RequestInit): Promise<string | null> {
    try {
      const answer = await fetch(address, { ...options, signal: this.end.signal, cache: "no-store" });
      const text = await answer.text();
      if (answer.ok) return text;
      const { detail } = JSON.parse(text) as { detail: string };
      if (answer.status < 500)
        this.hear(JSON.stringify({ type: "refused", event_id: null, status: answer.status, detail }));
    } catch {
      // gone; the page is told by the end
    }
    this.close();
    return null;
  }
}
