/**
 * Sound with 16 bits as fragments of MP4 with FLAC in it, which is what browsers take piece by piece. The samples stand in
 * them as they are: nothing is lost, and nothing is computed but sums.
 */
import { t } from "blocks";
import type { Sound } from "./pcm";

/** What a browser is told that they are. */
export const TYPE = 'audio/mp4; codecs="flac"';

/** Samples of all channels in one frame; the least that a frame may have of each. */
const FRAME = 4096;
const LEAST = 16;

type Part = number[] | Uint8Array;

const u16 = (n: number): number[] => [n >> 8, n & 255];
const u32 = (n: number): number[] => [...u16(Math.floor(n / 65536)), ...u16(n % 65536)];
const text = (name: string): number[] => [...name].map((letter) => letter.charCodeAt(0));
const zeros = (count: number): number[] => Array<number>(count).fill(0);

function bytes(parts: Part[]): Uint8Array {
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

function box(name: string, ...parts: Part[]): Uint8Array {
  const size = 8 + parts.reduce((sum, part) => sum + part.length, 0);
  return bytes([u32(size), text(name), ...parts]);
}

const MATRIX = [u32(65536), zeros(12), u32(65536), zeros(12), u32(0x40000000)].flat();

/** What stands before all fragments: one track, and how it is coded. */
function head(rate: number, channels: number): Uint8Array {
  const block = Math.floor(FRAME / channels);
  // rate in 20 bits, channels in 3, bits in 5, samples in 36: not known
  const packed = [rate >> 12, (rate >> 4) & 255, ((rate & 15) << 4) | ((channels - 1) << 1), 0xf0];
  const about = [u16(LEAST), u16(block), zeros(6), packed, zeros(4), zeros(16)].flat();
  const coded = box("dfLa", zeros(4), [0x80, 0, 0, 34], about);
  const shown = rate < 65536 ? u16(rate) : u16(0);
  const entry = box(
    "fLaC",
    zeros(6),
    u16(1),
    zeros(8),
    u16(channels),
    u16(16),
    zeros(4),
    shown,
    u16(0),
    coded,
  );
  const table = box(
    "stbl",
    box("stsd", zeros(4), u32(1), entry),
    box("stts", zeros(8)),
    box("stsc", zeros(8)),
    box("stsz", zeros(12)),
    box("stco", zeros(8)),
  );
  const data = box("dinf", box("dref", zeros(4), u32(1), box("url ", u32(1))));
  const media = box(
    "mdia",
    box("mdhd", zeros(12), u32(rate), zeros(4), u16(0x55c4), u16(0)),
    box("hdlr", zeros(8), text("soun"), zeros(12), text("Sound"), [0]),
    box("minf", box("smhd", zeros(8)), data, table),
  );
  const track = box(
    "tkhd",
    u32(7),
    zeros(8),
    u32(1),
    zeros(8),
    zeros(12),
    u16(256),
    u16(0),
    MATRIX,
    zeros(8),
  );
  const film = box(
    "mvhd",
    zeros(12),
    u32(rate),
    zeros(4),
    u32(65536),
    u16(256),
    zeros(10),
    MATRIX,
    zeros(24),
    u32(2),
  );
  const more = box("mvex", box("trex", zeros(4), u32(1), u32(1), zeros(12)));
  return bytes([
    box("ftyp", text("iso6"), u32(0), text("iso6mp41")),
    box("moov", film, box("trak", track, media), more),
  ]);
}

const CRC16 = Uint16Array.from({ length: 256 }, (_, byte) => {
  let sum = byte << 8;
  for (let bit = 0; bit < 8; bit++) sum = sum & 0x8000 ? ((sum << 1) ^ 0x8005) & 0xffff : (sum << 1) & 0xffff;
  return sum;
});

function crc16(all: Uint8Array): number {
  let sum = 0;
  for (const byte of all) sum = ((sum << 8) & 0xffff) ^ CRC16[(sum >> 8) ^ byte];
  return sum;
}

function crc8(all: number[]): number {
  let sum = 0;
  for (const byte of all) {
    sum ^= byte;
    for (let bit = 0; bit < 8; bit++) sum = sum & 0x80 ? ((sum << 1) ^ 7) & 255 : (sum << 1) & 255;
  }
  return sum;
}

/** A number as UTF-8 writes letters, up to 36 bits. */
function coded(number: number): number[] {
  if (number < 128) return [number];
  const tail: number[] = [];
  let rest = number;
  let room = 64; // what fits into the first byte
  do {
    tail.unshift(0x80 | (rest % 64));
    rest = Math.floor(rest / 64);
    room /= 2;
  } while (rest >= room);
  return [(256 - room * 2) | rest, ...tail];
}

/** One frame: each channel as it is. `first` is the number of its first sample. */
function frame(samples: Int16Array, channels: number, first: number): Uint8Array {
  const count = samples.length / channels;
  const begin = [0xff, 0xf9, 0x70, ((channels - 1) << 4) | 8, ...coded(first), ...u16(count - 1)];
  begin.push(crc8(begin));
  const all = new Uint8Array(begin.length + channels * (1 + count * 2) + 2);
  all.set(begin);
  let at = begin.length;
  for (let channel = 0; channel < channels; channel++) {
    all[at++] = 2;
    for (let i = channel; i < samples.length; i += channels) {
      all[at++] = (samples[i] >> 8) & 255;
      all[at++] = samples[i] & 255;
    }
  }
  all.set(u16(crc16(all.subarray(0, at))), at);
  return all;
}

/** Makes the fragments of one sound in their order. */
export class Fragments {
  private rate = 0;
  private channels = 0;
  private done = 0;
  private number = 0;
  private rest = new Int16Array(0);

  /** The next fragment; with the first one comes what stands before all. Empty when there is too little sound yet. */
  next({ rate, channels, samples }: Sound): Uint8Array {
    const begin = this.rate ? [] : [head(rate, channels)];
    if (this.rate && (rate !== this.rate || channels !== this.channels))
      throw new Error(t("A piece of the sound has another rate, or other channels."));
    [this.rate, this.channels] = [rate, channels];
    const all = new Int16Array(this.rest.length + samples.length);
    all.set(this.rest);
    all.set(samples, this.rest.length);
    const step = Math.floor(FRAME / channels) * channels;
    const frames: Uint8Array[] = [];
    const lengths: number[] = [];
    let at = 0;
    while (all.length - at >= LEAST * channels) {
      const some = all.subarray(at, at + step);
      frames.push(frame(some, channels, this.done + at / channels));
      lengths.push(some.length / channels);
      at += some.length;
    }
    this.rest = all.slice(at);
    const fragment = frames.length ? this.fragment(frames, lengths) : [];
    this.done += at / channels;
    return bytes([...begin, ...fragment]);
  }

  private fragment(frames: Uint8Array[], lengths: number[]): Uint8Array[] {
    const place = [...u32(Math.floor(this.done / 2 ** 32)), ...u32(this.done % 2 ** 32)];
    const table = frames.flatMap((each, i) => [...u32(lengths[i]), ...u32(each.length)]);
    const made = (offset: number): Uint8Array =>
      box(
        "moof",
        box("mfhd", zeros(4), u32(this.number + 1)),
        box(
          "traf",
          box("tfhd", u32(0x020000), u32(1)),
          box("tfdt", [1, 0, 0, 0], place),
          box("trun", u32(0x000301), u32(frames.length), u32(offset), table),
        ),
      );
    const whole = made(made(0).length + 8);
    this.number++;
    return [whole, box("mdat", ...frames)];
  }
}
