/** Who this tab is, and which of its events were open when it was left. */

import type { Config } from "./config";
import "./early_socket";

/** An open event, as much as a reloaded page needs to go on with it. */
export interface OpenEvent {
  event_id: string;
  fn: number;
  trigger_id: number | null;
  /** Last message number known when it was submitted: its messages come after this. */
  after: number;
}

interface Stored {
  session: string;
  /** Whose it is: sessions belong to users, so the next one to log in needs another. */
  username?: string | null;
  /** The process that took the open events, and what page it served. */
  app_id: number | string;
  revision: string;
  open: OpenEvent[];
}

/** 32 hex digits; works without a secure context, where randomUUID is missing. */
export function randomId(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (n) => n.toString(16).padStart(2, "0")).join(
    "",
  );
}

export class Session {
  private constructor(
    readonly key: string,
    private readonly revision: string,
    /** The process that took the open events. */
    public app_id: number | string,
    readonly id: string,
    /** Events of the page before the reload. */
    readonly open: OpenEvent[],
    private readonly username: string | null,
    /** Whether the page was here before: it is loaded anew and shows everything as declared. */
    readonly again = false,
  ) {
    this.#save();
  }

  /** The session of this tab: the one before a reload, or a new one; a duplicated tab gets a new one, too. */
  static async start(
    base: string,
    { app_id, revision, reload }: Pick<Config, "app_id" | "revision" | "reload">,
    username: string | null = null,
  ): Promise<Session> {
    const key = `blocks:${base}`;
    const stored = read(key);
    if (!reload && stored && stored.username == username && (await claim(stored.session))) {
      const open = stored.revision === revision ? stored.open : [];
      const process = open.length ? stored.app_id : app_id;
      return new Session(key, revision, process, stored.session, open, username, true);
    }
    const id = window.blocks_early?.session ?? randomId();
    void claim(id); // nobody else can have it; holding it tells a later duplicate of this tab
    return new Session(key, revision, app_id, id, [], username);
  }

  /** The page goes on with another process. */
  renew(app_id: number | string): void {
    this.app_id = app_id;
    this.#save();
  }

  add(event: OpenEvent): void {
    this.open.push(event);
    this.#save();
  }

  remove(event_id: string): void {
    const at = this.open.findIndex((event) => event.event_id === event_id);
    if (at >= 0) this.open.splice(at, 1);
    this.#save();
  }

  #save(): void {
    try {
      const { id: session, app_id, revision, open, username } = this;
      const stored: Stored = { session, app_id, revision, open, username };
      sessionStorage.setItem(this.key, JSON.stringify(stored));
    } catch {
      // storage is forbidden or full: the page works, only a reload starts afresh
    }
  }
}

function read(key: string): Stored | null {
  try {
    return JSON.parse(sessionStorage.getItem(key) ?? "null") as Stored | null;
  } catch {
    return null;
  }
}

/**
 * Takes the session for this tab as long as the page lives; false when another tab holds it (this one is a
 * duplicate). After a reload, or a step to another page of the app, the old page may let go a moment later; so wait.
 */
function claim(session: string): Promise<boolean> {
  if (!navigator.locks) return import("./asking").then((asking) => asking.ask(session));
  return new Promise((resolve) => {
    navigator.locks
      .request(
        `blocks-${session}`,
        { signal: AbortSignal.timeout(500) },
        () => new Promise(() => resolve(true)),
      )
      .catch(() => resolve(false));
  });
}
