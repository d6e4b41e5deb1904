/** Frames longer than every server takes, in parts: on their way to it, and as they come from it. */
import { parse, stringify } from "blocks";
import type { ClientFrame, Part, Piece } from "./generated/protocol";

/** Characters of a part: at most three bytes each, and servers take 1 MiB. */
const LONGEST = 256 * 1024;
/** Parts that may be under way; so small frames still get through, and the server is not flooded. */
const WINDOW = 4;

interface Outgoing {
  event_id: string;
  text: string;
  /** Where the next part begins. */
  at: number;
  index: number;
  flying: number;
  sent: () => void;
}

/** Sends events in order, long ones in parts. */
export class Sender {
  private waiting: Outgoing[] = [];

  constructor(
    private readonly write: (text: string) => void,
    /** Characters that go in one piece. */
    private readonly longest = LONGEST,
  ) {}

  /** `sent` is called when all of it has been handed to the network. */
  send(event_id: string, frame: ClientFrame, sent: () => void = () => undefined): void {
    this.waiting.push({ event_id, text: stringify(frame), at: 0, index: 0, flying: 0, sent });
    this.go();
  }

  /** A part has arrived. */
  taken({ event_id }: { event_id: string }): void {
    const [first] = this.waiting;
    if (first?.event_id !== event_id) return;
    first.flying--;
    this.go();
  }

  /** The server does not want the rest of this event. */
  drop(event_id: string): void {
    this.waiting = this.waiting.filter((each) => each.event_id !== event_id);
    this.go();
  }

  private go(): void {
    for (let first; (first = this.waiting[0]);) {
      const whole = first.text.length <= this.longest;
      if (!whole && first.flying >= WINDOW) return;
      this.write(whole ? first.text : JSON.stringify(this.next(first)));
      if (!whole && first.at < first.text.length) continue;
      this.waiting.shift();
      first.sent();
    }
  }

  private next(frame: Outgoing): Part & { type: "part" } {
    const { event_id, text, at, index } = frame;
    frame.at = boundary(text, at + this.longest);
    frame.index++;
    frame.flying++;
    const part = { type: "part" as const, event_id, index, text: text.slice(at, frame.at) };
    return { ...part, more: frame.at < text.length, length: text.length };
  }
}

/** Joins the pieces of a frame of the server. */
export class Pieces {
  private texts: string[] = [];

  /** The whole frame with its last piece. */
  add({ text, more }: Piece): string | null {
    this.texts.push(text);
    if (more) return null;
    const whole = this.texts.join("");
    this.texts = [];
    return whole;
  }
}

/** Not between the halves of a character. */
function boundary(text: string, at: number): number {
  const code = text.charCodeAt(at - 1);
  return at < text.length && code >= 0xd800 && code < 0xdc00 ? at - 1 : at;
}

/**
 * What can be read of a frame of messages that cannot be parsed as a whole: its good messages, and the events of the
 * bad ones.
 */
export function salvage(text: string): { items: [number, unknown][]; spoiled: string[] } {
  const items: [number, unknown][] = [];
  const spoiled: string[] = [];
  const starts = [...text.matchAll(/[,[](\[\d+,\{"msg":"\w+"(?:,"event_id":"([\w-]+)")?)/g)];
  starts.forEach((start, i) => {
    const end = starts[i + 1]?.index ?? text.lastIndexOf("]}");
    try {
      items.push(parse(text.slice(start.index + 1, end)) as [number, unknown]);
    } catch {
      if (start[2]) spoiled.push(start[2]);
    }
  });
  return { items, spoiled };
}
