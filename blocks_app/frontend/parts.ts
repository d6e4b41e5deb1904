/** Frames longer than every server takes, in parts; and what is left of one that cannot be read. Loaded only then. */
import { parse, t } from "blocks";
import type { Part } from "./generated/protocol";

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
    private readonly write: (text: string) => unknown,
    /** Characters that go in one piece. */
    private readonly longest: number,
  ) {}

  /** `sent` is called when all of it has been handed to the network. */
  send(event_id: string, text: string, sent: () => void = () => undefined): void {
    this.waiting.push({ event_id, text, at: 0, index: 0, flying: 0, sent });
    this.go();
  }

  /** A part has arrived, or the server does not want the rest of an event. */
  receive({ type, event_id }: { type: string; event_id: string | null }): void {
    const [first] = this.waiting;
    if (type === "refused") this.waiting = this.waiting.filter((each) => each.event_id !== event_id);
    else if (first?.event_id === event_id) first.flying--;
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

/** Not between the halves of a character. */
function boundary(text: string, at: number): number {
  const code = text.charCodeAt(at - 1);
  return at < text.length && code >= 0xd800 && code < 0xdc00 ? at - 1 : at;
}

export const UNREADABLE = t("The server's answer could not be read. Try again, or ask for less at once.");

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
