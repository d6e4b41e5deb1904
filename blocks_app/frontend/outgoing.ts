/** What a page sends over one socket, in order. What long frames need is loaded with the first of them. */
import { stringify } from "blocks";
import type { ClientFrame, Refused, Taken } from "./generated/protocol";
import type { Sender } from "./parts";

/** Characters of the longest frame that goes in one piece: at most three bytes each, and servers take 1 MiB. */
const LONGEST = 256 * 1024;
const nothing = (): void => undefined;

export class Outgoing {
  #long: Promise<Sender> | null = null;
  #closed = false;

  constructor(
    /** Whether it could be handed to the network. */
    private readonly write: (text: string) => boolean,
    private readonly longest = LONGEST,
  ) {}

  /** `sent`: all of it has gone to the network; `failed`: it cannot be sent. */
  send(
    event_id: string,
    frame: ClientFrame,
    sent = nothing,
    failed: (error: unknown) => void = nothing,
  ): void {
    let text: string;
    try {
      text = stringify(frame);
    } catch (error) {
      return failed(error);
    }
    if (!this.#long && text.length <= this.longest) {
      if (this.write(text)) sent();
      return;
    }
    this.#long ??= import("./parts").then((parts) => new parts.Sender(this.write, this.longest));
    this.#long.then((sender) => this.#closed || sender.send(event_id, text, sent), failed);
  }

  /** The server has taken a part, or does not want the rest of an event. */
  receive(frame: Taken | Refused): void {
    void this.#long?.then((sender) => sender.receive(frame));
  }

  /** The socket has gone. */
  close(): void {
    this.#closed = true;
  }
}
