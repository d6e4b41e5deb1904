/** The one WebSocket of the tab, and the only file that knows it. */
import { parse, t } from "blocks";
import { takeEarly } from "./early_socket";
import type {
  Accepted,
  Ack,
  Piece,
  Ping,
  Pong,
  Refused,
  Replaced,
  ServerMessage,
  Submit,
  Taken,
  Welcome,
} from "./generated/protocol";
import { Outgoing } from "./outgoing";
import { Pulse } from "./pulse";

/** A message with our addition on this connection: whether a generating step is a difference. */
export type Message = ServerMessage & { diff?: boolean };

/** Numbered messages in order. */
interface Messages {
  type: "messages";
  items: [number, Message][];
}

type Frame = Welcome | Accepted | Refused | Taken | Piece | Pong | Replaced | Messages;

export type LinkState = "online" | "offline" | "silent" | "changed" | "replaced" | "refused";

/** Whom the connection calls. */
export interface Listener {
  message(message: Message): void;
  /** The server did not take the event, or the frame that tells of none: an HTTP status and a sentence. */
  refused(event_id: string | null, status: number, detail: string): void;
  /** The server knows nothing of these accepted events any more; `restarted`: because it is a new process. */
  lost(event_ids: string[], restarted: boolean): void;
  /**
   * online; offline: it keeps trying. silent: no answer comes, and it waits for a while before it tries again. changed (the server has another page by now), replaced (another tab took the
   * session), refused (for the reason): it stops.
   */
  link(state: LinkState, reason?: string): void;
  /** Connected, before anything is told; `restarted`: to another process than before. */
  welcome?(welcome: Welcome, restarted: boolean): void;
}

const ACK_EVERY = 50;
const ACK_AFTER_MS = 2000;
/** Characters after which it is said at once that they have come, as the server waits for that. */
const ACK_LENGTH = 1024 * 1024;
const BACKOFF_MS = [250, 500, 1000, 2000, 4000, 8000];
/** A first connection that takes longer is hung up in something between us and the server; later ones take `PROBE_MS`. */
const OPEN_MS = 10_000;
/** For so long an answer may take when the page comes back; of a phone that slept the socket may be dead. */
const PROBE_MS = 5000;
/** Statuses with which the server lets this page in no more. */
const SHUT_OUT = [401, 403, 404];

/** An event that the server has not answered. */
interface Unanswered {
  frame: Submit;
  clicked: number;
  /** Whether all of it went to the network: from then on, the server may have begun it. */
  sent: boolean;
}

const bySocket = (url: URL): WebSocket => new WebSocket(url);

export class Connection {
  /** Number of the last message that was applied. */
  number = 0;
  #socket: WebSocket | null = null;
  #dial = bySocket;
  /** Whether the server has ever answered; until then both ways are tried in turn. */
  #reached = false;
  #welcomed = false;
  #stopped = false;
  #attempt = 0;
  #acknowledged = 0;
  #pulse: Pulse | null = null;
  #ackTimer = 0;
  #retryTimer = 0;
  /** Submitted, not yet accepted: sent again after a reconnect. */
  readonly #unsent = new Map<string, Unanswered>();
  readonly #accepted = new Set<string>();
  readonly #cancelled = new Set<string>();
  #outgoing: Outgoing | null = null;
  /** What has come of a frame in pieces. */
  #pieces: string[] = [];
  #unacknowledged = 0;
  /** Which session of our name the server has talked of. */
  #life: number | null = null;
  /** Events that have ended while the page was away, and the number by which it has heard how. */
  #due = { number: Infinity, ids: [] as string[] };
  #coming = "";
  #resolveAnswered: () => void = () => undefined;
  /** Settled when the server has answered once, or could not be reached. */
  readonly answered = new Promise<void>((resolve) => (this.#resolveAnswered = resolve));

  constructor(
    private readonly address: string,
    private readonly session: string,
    private readonly listener: Listener,
    /** The process that the page or its open events come from. */
    private app_id: number | string,
    private readonly revision: string,
  ) {}

  /**
   * Connects and stays connected. `open`: events of the page before a reload, whose messages come after `number`;
   * `coming`: there was one, and the server must forget what updates have changed on it ("anew"), or tell whether the
   * session is there that belongs to what is shown again ("kept").
   */
  start(open: string[] = [], number = 0, coming: "anew" | "kept" | "" = ""): void {
    this.#coming = coming;
    for (const id of open) this.#accepted.add(id);
    this.number = this.#acknowledged = number;
    this.#pulse = new Pulse({
      waits: () => this.#accepted.size + this.#unsent.size > 0,
      ask: () => this.#welcomed && this.#send({ type: "ping" }),
      link: (state) => this.#stopped || this.listener.link(state),
      drop: () => this.#drop(),
    });
    this.#connect();
    addEventListener("online", () => this.#hurry());
    addEventListener("offline", () => this.#hurry()); // a server on the same machine still answers
    document.addEventListener("visibilitychange", () => document.hidden || this.#hurry());
    document.addEventListener("resume", () => this.#hurry());
    addEventListener("pagehide", () => this.#acknowledge());
  }

  /** `clicked`: when somebody asked for it, as performance.now(). */
  submit(frame: Omit<Submit, "type">, clicked = performance.now()): void {
    const entry = { frame: { type: "submit", ...frame } as Submit, clicked, sent: false };
    if (this.#stopped) return this.listener.refused(frame.event_id, 503, "#gone");
    this.#unsent.set(frame.event_id, entry);
    if (this.#welcomed) this.#sendEvent(entry);
  }

  /** Nothing more is wanted. */
  stop(): void {
    this.#stopped = true;
    this.#socket?.close();
  }

  cancel(event_id: string): void {
    this.#cancelled.add(event_id);
    if (this.#welcomed) this.#sendCancel(event_id);
  }

  #connect(): void {
    const url = new URL(this.address, location.href);
    url.protocol = url.protocol.replace("http", "ws");
    url.search = location.search;
    url.searchParams.set("session_hash", this.session);
    url.searchParams.set("after", String(this.number));
    if (this.#coming) url.searchParams.set(this.#coming, "1");
    const early = takeEarly(this.session);
    const socket = (this.#socket = early?.socket ?? this.#dial(url));
    this.#outgoing?.close();
    const longest = this.#dial === bySocket ? undefined : Infinity;
    this.#outgoing = new Outgoing((text) => this.#write(text), longest);
    this.#pieces = [];
    this.#pulse!.begin();
    this.#pulse!.after(this.#reached ? PROBE_MS : OPEN_MS, () => this.#welcomed || this.#drop());
    socket.onmessage = ({ data }) => {
      if (socket !== this.#socket) return;
      this.#pulse!.hear();
      this.#readFrame(data as string);
    };
    socket.onclose = () => socket === this.#socket && this.#closed();
    for (const { data } of early?.received ?? []) this.#readFrame(data);
    if (socket.readyState === WebSocket.CLOSED) this.#closed();
  }

  /** A frame that cannot be read costs the events that it tells of, and no other. */
  #readFrame(data: string): void {
    let frame: Frame;
    try {
      frame = parse(data) as Frame;
    } catch {
      return void this.#salvage(data);
    }
    if (frame.type === "messages") this.#unacknowledged += data.length;
    this.#receive(frame);
  }

  async #salvage(data: string): Promise<void> {
    const parts = await import("./parts");
    const { items, spoiled } = parts.salvage(data);
    this.#deliver(items as [number, Message][]);
    for (const id of spoiled) this.#giveUp(id, parts.UNREADABLE);
  }

  /** The page cannot go on with this event; the server need not either. */
  #giveUp(event_id: string, detail: string): void {
    const open = this.#unsent.get(event_id)?.sent || this.#accepted.has(event_id);
    this.#forget(event_id);
    this.listener.refused(event_id, 500, detail);
    if (open && this.#welcomed) this.#sendCancel(event_id);
  }

  #receive(frame: Frame): void {
    switch (frame.type) {
      case "messages":
        return this.#deliver(frame.items);
      case "accepted":
        this.#unsent.delete(frame.event_id);
        this.#accepted.add(frame.event_id);
        return;
      case "piece":
        this.#pieces.push(frame.text);
        return frame.more ? undefined : this.#readFrame(this.#pieces.splice(0).join(""));
      case "taken":
        return this.#outgoing?.receive(frame);
      case "refused":
        if (!frame.event_id) return this.#rejected(frame.status, frame.detail);
        this.#forget(frame.event_id);
        this.#outgoing?.receive(frame);
        return this.listener.refused(frame.event_id, frame.status, frame.detail);
      case "welcome":
        return this.#welcome(frame);
      case "replaced":
        this.#stopped = true;
        return this.listener.link("replaced");
    }
  }

  #deliver(items: [number, Message][]): void {
    for (const [number, message] of items) {
      if (number <= this.number) continue;
      this.number = number;
      if (message.msg === "process_completed" && message.event_id) this.#forget(message.event_id);
      try {
        this.listener.message(message);
      } catch (error) {
        console.error("Not applied:", message, error); // the next ones still count
      }
    }
    this.#settle();
    if (this.number - this.#acknowledged >= ACK_EVERY || this.#unacknowledged > ACK_LENGTH)
      this.#acknowledge();
    else this.#ackTimer ||= window.setTimeout(() => this.#acknowledge(), ACK_AFTER_MS);
  }

  /** All is heard that was waiting: ends that were not among it will not come. */
  #settle(): void {
    if (this.number < this.#due.number) return;
    const { ids } = this.#due;
    this.#due = { number: Infinity, ids: [] };
    this.#lose(
      ids.filter((id) => this.#accepted.has(id)),
      false,
    );
  }

  /** Connected: say again what the server may have missed, and notice what it has forgotten. */
  #welcome(welcome: Welcome): void {
    const { app_id, revision, number, pending, life } = welcome;
    this.#welcomed = this.#reached = true;
    this.#coming = "";
    this.#resolveAnswered();
    this.#attempt = 0;
    const restarted = String(app_id) !== String(this.app_id);
    this.app_id = app_id;
    // what it had of this session before is forgotten
    const fresh = restarted || (this.#life !== null && this.#life !== life);
    this.#life = life ?? null;
    if (revision !== this.revision) return this.#outdated(restarted);
    this.listener.link("online");
    this.listener.welcome?.(welcome, restarted);
    // a server that gave out fewer numbers than we have seen is a new one and counts from the start
    if (number < this.number) this.number = this.#acknowledged = number;
    const lost = [...this.#accepted].filter(
      (id) => !pending.includes(id) && (fresh || number <= this.number),
    );
    // the one that it was sent to may have begun it, so it is not sent to another
    const doubtful = [...this.#unsent].filter(([, { sent }]) => sent && fresh).map(([id]) => id);
    this.#lose([...lost, ...doubtful], restarted);
    this.#due = { number, ids: [...this.#accepted].filter((id) => !pending.includes(id)) };
    this.#settle();
    for (const entry of this.#unsent.values()) this.#sendEvent(entry);
    for (const event_id of this.#cancelled) this.#sendCancel(event_id);
  }

  /** What this page would start may mean something else by now, so it starts nothing. */
  #outdated(restarted: boolean): void {
    this.stop();
    this.#lose([...this.#accepted, ...this.#unsent.keys()], restarted);
    this.listener.link("changed");
  }

  #lose(event_ids: string[], restarted: boolean): void {
    for (const id of event_ids) this.#forget(id);
    if (event_ids.length) this.listener.lost(event_ids, restarted);
  }

  /** The server does not let this page in, or could not read a frame. Only a full house is worth another try. */
  #rejected(status: number, reason: string): void {
    if (status === 429 || status === 503) return;
    if (this.#welcomed && !SHUT_OUT.includes(status)) return this.listener.refused(null, status, reason);
    this.#stopped = true;
    this.listener.link("refused", reason);
  }

  #closed(): void {
    this.#outgoing?.close();
    this.#socket = this.#outgoing = null;
    this.#welcomed = false;
    this.#resolveAnswered();
    clearTimeout(this.#ackTimer);
    this.#ackTimer = 0;
    if (this.#stopped) return;
    this.listener.link("offline");
    if (!this.#reached) void this.#otherWay();
    const wait = BACKOFF_MS[Math.min(this.#attempt++, BACKOFF_MS.length - 1)];
    clearTimeout(this.#retryTimer);
    // spread, so that all tabs of a restarted server do not come back in the same moment
    this.#retryTimer = window.setTimeout(() => this.#connect(), wait * (0.7 + 0.6 * Math.random()));
  }

  /** Nothing has got through so far: take long polling next time, and a socket again after that. */
  async #otherWay(): Promise<void> {
    if (this.#dial !== bySocket) this.#dial = bySocket;
    else {
      const longpoll = await import("./longpoll");
      if (!this.#reached) this.#dial = (url) => new longpoll.PollSocket(url) as unknown as WebSocket;
    }
  }

  /** The network or the tab came back, or the network went: ask now, do not wait out the pause. */
  #hurry(): void {
    if (this.#stopped) return;
    if (this.#socket) return this.#pulse!.ask(PROBE_MS);
    clearTimeout(this.#retryTimer);
    this.#connect();
  }

  /** Gives up a socket that went silent; its own close event may come minutes later. */
  #drop(): void {
    this.#socket?.close();
    this.#closed();
  }

  #acknowledge(): void {
    clearTimeout(this.#ackTimer);
    this.#ackTimer = 0;
    if (!this.#welcomed || this.number === this.#acknowledged) return;
    this.#acknowledged = this.number;
    this.#unacknowledged = 0;
    this.#send({ type: "ack", number: this.number });
  }

  #forget(event_id: string): void {
    this.#unsent.delete(event_id);
    this.#accepted.delete(event_id);
    this.#cancelled.delete(event_id);
  }

  /** Says how long the event has waited here: for the user's js, for the one before it, for a connection. */
  #sendEvent(entry: Unanswered): void {
    const { frame, clicked } = entry;
    const waited = Math.round(10 * (performance.now() - clicked)) / 10;
    this.#outgoing?.send(
      frame.event_id,
      { ...frame, waited },
      () => (entry.sent = true),
      (error) => this.#giveUp(frame.event_id, t("The values could not be sent: {0}", error)),
    );
  }

  #sendCancel(event_id: string): void {
    this.#outgoing?.send(event_id, { type: "cancel", event_id });
  }

  #send(frame: Ack | Ping): boolean {
    return this.#write(JSON.stringify(frame));
  }

  #write(text: string): boolean {
    const open = this.#socket?.readyState === WebSocket.OPEN;
    if (open) this.#socket!.send(text);
    this.#pulse!.send(text.length);
    return open;
  }
}
