/** Sound as numbers of 16 bits, and as WAV: what is recorded and trimmed is sent without loss. */

/** Samples of all channels in turn. */
export interface Sound {
  rate: number;
  channels: number;
  samples: Int16Array;
}

const HEADER = 44;

/** The file of a sound. */
export function wav({ rate, channels, samples }: Sound): ArrayBuffer {
  const file = new ArrayBuffer(HEADER + samples.length * 2);
  const view = new DataView(file);
  const text = (at: number, name: string) =>
    [...name].forEach((letter, i) => view.setUint8(at + i, letter.charCodeAt(0)));
  text(0, "RIFF");
  view.setUint32(4, file.byteLength - 8, true);
  text(8, "WAVEfmt ");
  view.setUint32(16, 16, true);
  view.setUint16(20, 1, true);
  view.setUint16(22, channels, true);
  view.setUint32(24, rate, true);
  view.setUint32(28, rate * channels * 2, true);
  view.setUint16(32, channels * 2, true);
  view.setUint16(34, 16, true);
  text(36, "data");
  view.setUint32(40, samples.length * 2, true);
  samples.forEach((sample, i) => view.setInt16(HEADER + i * 2, sample, true));
  return file;
}

/** The same as a file to send. */
export function wavFile(sound: Sound): File {
  return new File([wav(sound)], "audio.wav", { type: "audio/wav" });
}

/** The samples of a WAV with 16 bits; null for everything else, which the browser decodes. */
export function readWav(file: ArrayBuffer): Sound | null {
  const view = new DataView(file);
  const text = (at: number) => String.fromCharCode(...new Uint8Array(file, at, 4));
  if (file.byteLength < HEADER || text(0) !== "RIFF" || text(8) !== "WAVE") return null;
  let [rate, channels] = [0, 0];
  for (let at = 12; at + 8 <= file.byteLength;) {
    const length = view.getUint32(at + 4, true);
    if (text(at) === "fmt ") {
      if (view.getUint16(at + 8, true) !== 1 || view.getUint16(at + 22, true) !== 16) return null;
      channels = view.getUint16(at + 10, true);
      rate = view.getUint32(at + 12, true);
    } else if (text(at) === "data" && rate && channels) {
      const bytes = Math.min(length, file.byteLength - at - 8);
      const count = Math.floor(bytes / 2 / channels) * channels;
      const samples = Int16Array.from({ length: count }, (_, i) => view.getInt16(at + 8 + i * 2, true));
      return { rate, channels, samples };
    }
    at += 8 + length + (length % 2);
  }
  return null;
}

/** What the browser decodes, with so many samples a second. */
export async function decode(file: ArrayBuffer, rate: number): Promise<Sound> {
  const buffer = await new OfflineAudioContext(1, 1, rate).decodeAudioData(file);
  const channels = buffer.numberOfChannels;
  const samples = new Int16Array(buffer.length * channels);
  for (let channel = 0; channel < channels; channel++)
    buffer.getChannelData(channel).forEach((value, i) => {
      samples[i * channels + channel] = Math.max(-32768, Math.min(32767, Math.round(value * 32768)));
    });
  return { rate, channels, samples };
}

/** The part between two seconds. */
export function cut({ rate, channels, samples }: Sound, from: number, to: number): Sound {
  const place = (seconds: number) => Math.round(seconds * rate) * channels;
  return { rate, channels, samples: samples.slice(place(from), place(to)) };
}

/** Several parts, one behind the other. */
export function joined(parts: Int16Array[]): Int16Array {
  const all = new Int16Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

/** The largest values of so many parts of the first channel, from 0 to 1. */
export function peaks({ channels, samples }: Sound, count = 2000): Float32Array {
  const frames = Math.floor(samples.length / channels);
  const found = new Float32Array(Math.min(count, frames));
  for (let i = 0; i < frames; i++) {
    const at = Math.floor((i * found.length) / frames);
    found[at] = Math.max(found[at], Math.abs(samples[i * channels]) / 32768);
  }
  return found;
}

/** 75 -> "1:15". */
export function clock(seconds: number): string {
  const whole = Math.floor(Number.isFinite(seconds) ? seconds : 0);
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
}
