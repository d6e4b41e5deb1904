import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { page } from "blocks";
import type { GrAudio } from "../../../blocks_app/components/audio/audio";
import "../../../blocks_app/components/audio/audio";
import { Fragments } from "../../../blocks_app/components/audio/fragments";
import { clock, cut, joined, peaks, readWav, wav } from "../../../blocks_app/components/audio/pcm";
import type { GrAudioPlayer } from "../../../blocks_app/components/audio/player";
import "../../../blocks_app/components/audio/player";
import type { GrAudioRecorder } from "../../../blocks_app/components/audio/recorder";
import "../../../blocks_app/components/audio/recorder";
import type { GrAudioTrimming } from "../../../blocks_app/components/audio/trimming";
import { Tape } from "../../../blocks_app/components/audio/tape";
import "../../../blocks_app/frontend/droparea";
import type { GrDropArea } from "../../../blocks_app/frontend/droparea";
import { mount, press } from "./support";

const PATH = "AAAAAAAAAAAAAAAAAAAAAA/a.wav";
const TONE = { path: PATH, orig_name: "a.wav" };

let sent: File[] = [];
vi.mock("../../../blocks_app/frontend/upload", () => ({
  send: async (files: File[]) => {
    sent.push(...files);
    return files.map((file) => ({ path: `${PATH}${sent.length}`, orig_name: file.name }));
  },
}));

beforeEach(() => {
  page.base = "/chat/";
  sent = [];
});
afterEach(() => vi.unstubAllGlobals());

const SOUND = { rate: 8000, channels: 2, samples: Int16Array.from([1, -1, 2, -2, 32767, -32768, 4, -4]) };

/** A microphone whose parts a test gives. */
function microphone() {
  const parts: Int16Array[] = [];
  let taken = 0;
  const tape = {
    running: true,
    heard: () => {},
    level: 0.5,
    seconds: 0,
    waiting: 0,
    hear(...samples: number[]) {
      if (!tape.running) return;
      parts.push(Int16Array.from(samples));
      tape.seconds += 1;
      tape.waiting += 1;
      tape.heard();
    },
    take() {
      const some = parts.slice(taken);
      taken = parts.length;
      tape.waiting = 0;
      return { rate: 8000, channels: 1, samples: joined(some) };
    },
    whole: () => ({ rate: 8000, channels: 1, samples: joined(parts) }),
    close: vi.fn(async () => void (tape.running = false)),
  };
  vi.spyOn(Tape, "open").mockResolvedValue(tape as unknown as Tape);
  return tape;
}

async function samples(file: File): Promise<number[]> {
  return [...readWav(await file.arrayBuffer())!.samples];
}

async function recording(props = {}) {
  const tape = microphone();
  const mounted = await mount<GrAudio>("gr-audio", { sources: ["microphone"], ...props });
  const recorder = mounted.find<GrAudioRecorder>("gr-audio-recorder");
  await recorder.updateComplete;
  const press = async (name: string) => {
    [...recorder.querySelectorAll("button")].find((each) => each.textContent!.trim() === name)!.click();
    await vi.waitFor(() => undefined);
    await recorder.updateComplete;
  };
  await press("Record");
  return { tape, recorder, press, ...mounted };
}

test("a WAV is written and read without loss, cut at samples and drawn by its peaks", () => {
  const file = wav(SOUND);
  expect(file.byteLength).toBe(44 + 16);
  expect(readWav(file)).toEqual(SOUND);
  expect([...cut(SOUND, 1 / 8000, 3 / 8000).samples]).toEqual([2, -2, 32767, -32768]);
  expect([...peaks(SOUND, 2)].map((peak) => Math.round(peak * 32768))).toEqual([2, 32767]);
  expect(readWav(new TextEncoder().encode("RIFF".repeat(20)).buffer as ArrayBuffer)).toBeNull();
  expect([clock(75.9), clock(NaN)]).toEqual(["1:15", "0:00"]);
});

test("without a sound it asks for one, by the names that tests rely on", async () => {
  const { find, element } = await mount<GrAudio>("gr-audio", { label: "Voice" });
  await find<GrDropArea>("gr-drop-area").updateComplete;
  const button = find("gr-drop-area button");
  expect(button.textContent!.replace(/\s+/g, " ").trim()).toBe("Drop Audio Here - or - Click to Upload");
  expect(find("input[type=file]").getAttribute("accept")).toBe("audio/*");
  const sources = [...element.querySelectorAll("[data-testid=source-select] button")];
  expect(sources.map((each) => each.getAttribute("aria-label"))).toEqual(["Upload file", "Record audio"]);
  expect(element.querySelector("[data-testid=waveform-Voice]")).not.toBeNull();
  element.interactive = false;
  element.requestUpdate();
  await element.updateComplete;
  expect(find(".empty").getAttribute("aria-label")).toBe("Empty value");
});

test("an upload tells upload, change, input; clearing tells change, clear, input", async () => {
  const { find, element, names } = await mount<GrAudio>("gr-audio");
  await find<GrDropArea>("gr-drop-area").take([new File(["x"], "a.wav", { type: "audio/wav" })]);
  expect(names()).toEqual(["upload", "change", "input"]);
  await element.updateComplete;
  find("[aria-label=Clear]").click();
  expect(names().slice(3)).toEqual(["change", "clear", "input"]);
  expect(element.value).toBeNull();
});

test("a recording with a pause is sent as one sound", async () => {
  const { tape, press, names, element } = await recording();
  tape.hear(1, 2);
  await press("Pause");
  tape.hear(9);
  await press("Resume");
  tape.hear(3);
  await press("Stop");
  await vi.waitFor(() => expect(names().at(-1)).toBe("stop_recording"));
  expect(names()).toEqual(["start_recording", "pause_recording", "change", "input", "stop_recording"]);
  expect(await samples(sent[0])).toEqual([1, 2, 3]);
  expect(element.value).toMatchObject({ orig_name: "audio.wav" });
  expect(tape.close).toHaveBeenCalled();
});

test("a recording ends by itself at max_length", async () => {
  const { tape, names } = await recording({ max_length: 2 });
  for (let i = 0; i < 5; i++) tape.hear(i);
  await vi.waitFor(() => expect(names()).toContain("stop_recording"));
  expect(await samples(sent[0])).toEqual([0, 1]);
});

test("pieces of a stream come in order, and wait for whoever works on the one before", async () => {
  const { tape, press, names, element, recorder } = await recording({ streaming: true, stream_every: 1 });
  let free = () => {};
  element.addEventListener("gr-free", (event) => {
    (event as CustomEvent<{ free?: Promise<void> }>).detail.free = new Promise((done) => (free = done));
  });
  const told = () => names().filter((name) => name === "stream").length;
  tape.hear(1);
  await vi.waitFor(() => {
    free();
    expect(told()).toBe(1);
  });
  tape.hear(2); // while the function works on the first one
  await Promise.resolve();
  tape.hear(3);
  tape.hear(4);
  expect(told()).toBe(1);
  await vi.waitFor(() => {
    free();
    expect(told()).toBe(2);
  });
  tape.hear(5);
  await press("Stop");
  await vi.waitFor(() => {
    free();
    expect(names().at(-1)).toBe("stop_recording");
  });
  const pieces = await Promise.all(sent.slice(0, -1).map(samples));
  expect(pieces.flat()).toEqual([1, 2, 3, 4, 5]);
  expect(pieces.length).toBeLessThan(5); // what came meanwhile is one piece
  expect(await samples(sent.at(-1)!)).toEqual([1, 2, 3, 4, 5]);
  expect(element.contains(recorder)).toBe(true);
});

test("a stream ends at its time limit", async () => {
  const { tape, names } = await recording({ streaming: true, stream_every: 1, time_limit: 3 });
  for (let i = 0; i < 3; i++) tape.hear(i);
  await vi.waitFor(() => expect(names().at(-1)).toBe("stop_recording"));
  expect(await samples(sent.at(-1)!)).toEqual([0, 1, 2]);
});

test("why there is no microphone is told in words", async () => {
  vi.spyOn(Tape, "open").mockRejectedValue(new DOMException("no", "NotFoundError"));
  const { find } = await mount<GrAudio>("gr-audio", { sources: ["microphone"] });
  const recorder = find<GrAudioRecorder>("gr-audio-recorder");
  await recorder.start();
  await recorder.updateComplete;
  expect(find("[role=alert]").textContent).toBe("No microphone was found.");
});

test("several microphones can be chosen from", async () => {
  const devices = ["one", "two"].map((id) => ({ kind: "audioinput", deviceId: id, label: id }));
  vi.stubGlobal("navigator", { mediaDevices: { enumerateDevices: async () => devices } });
  const open = vi.spyOn(Tape, "open").mockRejectedValue(new DOMException("no", "NotFoundError"));
  const { find } = await mount<GrAudio>("gr-audio", { sources: ["microphone"] });
  await vi.waitFor(() => expect(find("[aria-label='select input source']")).not.toBeNull());
  const choice = find<HTMLSelectElement>("select");
  choice.value = "two";
  choice.dispatchEvent(new Event("change"));
  await find<GrAudioRecorder>("gr-audio-recorder").start();
  expect(open).toHaveBeenLastCalledWith("two");
});

test("recording=True starts the microphone, and an update ends it", async () => {
  const tape = microphone();
  const { element, names } = await mount<GrAudio>("gr-audio", { recording: true });
  await vi.waitFor(() => expect(names()).toEqual(["start_recording"]));
  tape.hear(7);
  element.props = { ...element.props, recording: false };
  await vi.waitFor(() => expect(names()).toContain("stop_recording"));
});

async function playing(props = {}, value: object = TONE) {
  const mounted = await mount<GrAudio>("gr-audio", { value, ...props });
  const player = mounted.find<GrAudioPlayer>("gr-audio-player");
  await player.updateComplete;
  const media = mounted.find<HTMLAudioElement>("audio");
  Object.defineProperty(media, "duration", { value: 10, configurable: true });
  media.dispatchEvent(new Event("loadedmetadata"));
  await player.updateComplete;
  return { ...mounted, player, media };
}

test("what the player does is told, and its end is no pause", async () => {
  const { media, names, find } = await playing({ loop: true, playback_position: 4 });
  expect(media.getAttribute("src")).toBe(`/chat/file=${PATH}`);
  expect([media.loop, media.currentTime]).toEqual([true, 4]);
  media.dispatchEvent(new Event("play"));
  media.dispatchEvent(new Event("pause"));
  media.dispatchEvent(new Event("play"));
  Object.defineProperty(media, "ended", { value: true });
  media.dispatchEvent(new Event("pause"));
  media.dispatchEvent(new Event("ended"));
  expect(names()).toEqual(["play", "pause", "play", "stop"]);
  expect(find("[aria-label='Skip forward by 0.5 seconds']")).not.toBeNull();
  expect(find("[aria-label='Skip backwards by 0.5 seconds']")).not.toBeNull();
});

test("the keyboard moves the position, buttons the speed and the place", async () => {
  const { media, find, player } = await playing();
  press(find("[aria-label=Position]"), "ArrowRight");
  expect(media.currentTime).toBe(0.5);
  press(find("[aria-label=Position]"), "End");
  expect(media.currentTime).toBe(10);
  find("[aria-label='Adjust playback speed to 1.5x']").click();
  expect(media.playbackRate).toBe(1.5);
  await player.updateComplete;
  expect(find("[aria-label='Adjust playback speed to 2x']")).not.toBeNull();
});

test("a sound is trimmed by the keyboard to its very samples, and is there again after Reset", async () => {
  const tone = {
    rate: 8000,
    channels: 1,
    samples: Int16Array.from({ length: 80_000 }, (_, i) => i % 30_000),
  };
  vi.stubGlobal("fetch", async () => new Response(wav(tone)));
  const { find, element, player, names } = await playing({ waveform_options: { sample_rate: 8000 } });
  find("[aria-label='Trim audio to selection']").click();
  await player.updateComplete;
  const handles = find<GrAudioTrimming>("gr-audio-trimming");
  await handles.updateComplete;
  press(find("[aria-label='Start of the selection']"), "ArrowRight", { shiftKey: true });
  press(find("[aria-label='End of the selection']"), "ArrowLeft");
  await player.updateComplete;
  [...element.querySelectorAll("button")].find((each) => each.textContent!.trim() === "Trim")!.click();
  await vi.waitFor(() => expect(names()).toEqual(["change", "input"]));
  const kept = await samples(sent[0]);
  expect(kept).toEqual([...tone.samples.slice(8000, 79_200)]);
  await element.updateComplete;
  await player.updateComplete;
  find("[aria-label='Reset audio']").click();
  expect(element.value).toEqual(TONE);
  expect(names()).toEqual(["change", "input", "change", "input"]);
});

test("what may not be edited has no scissors, what is only shown can be downloaded", async () => {
  const { element, find } = await playing({ editable: false, buttons: ["download"] });
  expect(find("[aria-label='Trim audio to selection']")).toBeNull();
  element.interactive = false;
  element.requestUpdate();
  await element.updateComplete;
  expect(find("[aria-label=Download]").getAttribute("download")).toBe("a.wav");
  expect(find("[aria-label=Clear]")).toBeNull();
});

test("fragments carry the very samples, whatever the pieces are", () => {
  const fragments = new Fragments();
  const made = [5, 4096, 100_000, 1].map((count) =>
    fragments.next({ rate: 8000, channels: 2, samples: Int16Array.from({ length: count * 2 }, (_, i) => i) }),
  );
  const text = new TextDecoder("latin1").decode(made[0]);
  for (const name of ["ftyp", "moov", "fLaC", "dfLa", "trex"]) expect(text).toContain(name);
  expect(text).not.toContain("moof"); // five samples wait for more
  expect(made.slice(1).map((each) => new TextDecoder("latin1").decode(each.slice(4, 8)))).toEqual([
    "moof",
    "moof",
    "",
  ]);
  expect(() => fragments.next({ rate: 9000, channels: 2, samples: new Int16Array(2) })).toThrow(
    "another rate",
  );
});

test("a stream is played piece by piece, and from the file when it has ended", async () => {
  const pieces: string[] = [];
  class Source extends EventTarget {
    static isTypeSupported = () => true;
    readyState = "open";
    constructor() {
      super();
      setTimeout(() => this.dispatchEvent(new Event("sourceopen")));
    }
    addSourceBuffer(type: string) {
      pieces.push(type);
      return Object.assign(new EventTarget(), {
        appendBuffer(this: EventTarget, part: Uint8Array) {
          pieces.push(new TextDecoder().decode(part));
          setTimeout(() => this.dispatchEvent(new Event("updateend")));
        },
      });
    }
    endOfStream = () => pieces.push("end");
  }
  vi.stubGlobal("MediaSource", Source);
  vi.stubGlobal("fetch", async (address: string) => new Response(address.at(-1)));
  vi.spyOn(URL, "createObjectURL").mockReturnValue("blob:x");
  const stream = (count: number, path = "p") => ({
    path,
    is_stream: true,
    type: "audio/mpeg",
    pieces: Array.from({ length: count }, (_, i) => ({ path, url: `/${i}` })),
  });
  const { element, find } = await mount<GrAudio>("gr-audio", { streaming: true, value: stream(1) });
  element.interactive = false;
  element.requestUpdate();
  await element.updateComplete;
  await find<GrAudioPlayer>("gr-audio-player").updateComplete;
  await vi.waitFor(() => expect(pieces).toEqual(["audio/mpeg", "0"]));
  element.receive(stream(3) as never);
  await vi.waitFor(() => expect(pieces.at(-1)).toBe("2"));
  expect(find("audio").getAttribute("src")).toBe("blob:x");
  Object.defineProperty(find("audio"), "paused", { value: false, configurable: true });
  element.receive(TONE as never);
  await vi.waitFor(() => expect(pieces.at(-1)).toBe("end"));
  expect(find("audio").getAttribute("src")).toBe("blob:x"); // it still plays
  Object.defineProperty(find("audio"), "paused", { value: true });
  find("audio").dispatchEvent(new Event("pause"));
  await find<GrAudioPlayer>("gr-audio-player").updateComplete;
  expect(find("audio").getAttribute("src")).toBe(`/chat/file=${PATH}`);
  pieces.length = 0;
  element.receive(stream(1) as never);
  await vi.waitFor(() => expect(pieces).toEqual(["audio/mpeg", "0"]));
  element.receive(stream(1, "q") as never); // another one, which begins anew
  await vi.waitFor(() => expect(pieces).toEqual(["audio/mpeg", "0", "audio/mpeg", "0"]));
});

test("it tells where it is being played", async () => {
  const { element, find } = await mount<GrAudio>("gr-audio", { playback_position: 4 });
  expect(element.optionsNow()).toEqual({ playback_position: 4 });
  element.receive(TONE);
  await element.updateComplete;
  await find<GrAudioPlayer>("gr-audio-player").updateComplete;
  const media = find<HTMLAudioElement>("audio");
  expect(element.optionsNow()).toEqual({ playback_position: 4 });
  Object.defineProperty(media, "readyState", { value: 4 });
  media.currentTime = 0.25;
  expect(element.optionsNow()).toEqual({ playback_position: 0.25 });
});
