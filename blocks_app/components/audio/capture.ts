/** Runs beside the page, where the browser makes sound: passes on what the microphone hears, as numbers of 16 bits. */

declare class AudioWorkletProcessor {
  readonly port: MessagePort;
}
declare function registerProcessor(name: string, made: new () => AudioWorkletProcessor): void;

/** Samples of a channel that are passed on together: some twenty messages a second. */
const TOGETHER = 2048;

class Capture extends AudioWorkletProcessor {
  private held = new Int16Array(0);
  private filled = 0;
  private channels = 0;

  constructor() {
    super();
    this.port.onmessage = () => {
      this.pass();
      this.port.postMessage("end");
    };
  }

  process([input]: Float32Array[][]): boolean {
    if (!input.length) return true;
    if (!this.channels) {
      this.channels = input.length;
      this.held = new Int16Array(TOGETHER * this.channels);
    }
    for (let i = 0; i < input[0].length; i++) {
      for (let channel = 0; channel < this.channels; channel++) {
        const value = (input[channel] ?? input[0])[i];
        this.held[this.filled++] = Math.max(-32768, Math.min(32767, Math.round(value * 32768)));
      }
      if (this.filled === this.held.length) this.pass();
    }
    return true;
  }

  private pass(): void {
    if (!this.filled) return;
    const samples = this.held.slice(0, this.filled);
    this.filled = 0;
    this.port.postMessage({ samples, channels: this.channels }, [samples.buffer]);
  }
}

registerProcessor("capture", Capture);

export {};
