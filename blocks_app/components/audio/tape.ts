/** What the microphone hears, sample by sample. */
import { t } from "blocks";
import { joined, type Sound } from "./pcm";

interface Heard {
  samples: Int16Array;
  channels: number;
}

/** An open microphone. `heard` is called with each part that came while it runs. */
export class Tape {
  running = true;
  heard: () => void = () => {};
  /** The loudest sample of the last part, from 0 to 1. */
  level = 0;
  /** Seconds since the beginning, without pauses. */
  seconds = 0;
  private channels = 1;
  private readonly all: Int16Array[] = [];
  /** How many parts were taken already, and the seconds of those that were not. */
  private taken = 0;
  waiting = 0;
  private ended: () => void = () => {};

  private constructor(
    private readonly live: MediaStream,
    private readonly context: AudioContext,
    private readonly node: AudioWorkletNode,
  ) {
    node.port.onmessage = ({ data }: MessageEvent<Heard | "end">) =>
      data === "end" ? this.ended() : this.add(data);
  }

  /** Asks for a microphone; the browser may ask the visitor. */
  static async open(device: string): Promise<Tape> {
    if (!navigator.mediaDevices) throw new Error("insecure");
    const audio = device ? { deviceId: { exact: device } } : true;
    const live = await navigator.mediaDevices.getUserMedia({ audio });
    const context = new AudioContext();
    try {
      const { default: address } = await import("./capture?worker&url");
      await context.audioWorklet.addModule(address);
      const node = new AudioWorkletNode(context, "capture");
      context.createMediaStreamSource(live).connect(node).connect(context.destination);
      await context.resume();
      return new Tape(live, context, node);
    } catch (error) {
      live.getTracks().forEach((track) => track.stop());
      void context.close();
      throw error;
    }
  }

  private add({ samples, channels }: Heard): void {
    if (!this.running) return;
    this.channels = channels;
    this.all.push(samples);
    let level = 0;
    for (const sample of samples) level = Math.max(level, Math.abs(sample));
    this.level = level / 32768;
    const seconds = samples.length / channels / this.context.sampleRate;
    this.seconds += seconds;
    this.waiting += seconds;
    this.heard();
  }

  /** What came since the last time. */
  take(): Sound {
    const sound = this.sound(this.all.slice(this.taken));
    this.taken = this.all.length;
    this.waiting = 0;
    return sound;
  }

  /** All of it. */
  whole(): Sound {
    return this.sound(this.all);
  }

  private sound(parts: Int16Array[]): Sound {
    return { rate: this.context.sampleRate, channels: this.channels, samples: joined(parts) };
  }

  /** Closes the microphone; what it has heard until now is kept. */
  async close(): Promise<void> {
    const last = new Promise<void>((done) => (this.ended = done));
    this.node.port.postMessage("end");
    if (this.context.state === "running") await last;
    this.running = false;
    this.live.getTracks().forEach((track) => track.stop());
    await this.context.close();
  }
}

/** Why there is no sound from the microphone, in words. */
export function reason(error: unknown): string {
  const name = error instanceof DOMException ? error.name : "";
  if (name === "NotAllowedError")
    return t("The browser was not allowed to use the microphone. Allow it beside the address.");
  if (name === "NotFoundError" || name === "OverconstrainedError") return t("No microphone was found.");
  if (name === "NotReadableError") return t("The microphone is in use by another program.");
  return t("This page cannot use the microphone: browsers allow it on https and localhost only.");
}
