import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { page } from "blocks";
import type { GrVideo } from "../../../blocks_app/components/video/video";
import "../../../blocks_app/components/video/video";
import { clock, recordedType, type GrRecorder } from "../../../blocks_app/components/video/recording";
import type { GrTrim } from "../../../blocks_app/components/video/trimming";
import "../../../blocks_app/components/video/trimming";
import "../../../blocks_app/frontend/droparea";
import { openCamera } from "blocks/devices";
import type { GrDropArea } from "../../../blocks_app/frontend/droparea";
import { mount } from "./support";

const PATH = "AAAAAAAAAAAAAAAAAAAAAA/film.mp4";
const FILM = {
  video: { path: PATH, url: "http://elsewhere/file=x", orig_name: "film.mp4" },
  subtitles: null,
};

const send = vi.fn(async (files: File[]) => files.map((file) => ({ path: PATH, orig_name: file.name })));
vi.mock("../../../blocks_app/frontend/upload", () => ({ send: (files: File[]) => send(files) }));
const show = vi.fn();
vi.mock("../../../blocks_app/frontend/toast", () => ({ show: (toast: unknown) => show(toast) }));

beforeEach(() => {
  page.base = "/chat/";
});
afterEach(() => {
  vi.unstubAllGlobals();
  send.mockClear();
});

test("without a film it asks for one, by the name that tests rely on", async () => {
  const { find, element } = await mount<GrVideo>("gr-video", { label: "Clip" });
  await find<GrDropArea>("gr-drop-area").updateComplete;
  const button = find("gr-drop-area button");
  expect(button.textContent!.replace(/\s+/g, " ").trim()).toBe("Drop Video Here - or - Click to Upload");
  expect(find("input[type=file]").getAttribute("accept")).toBe("video/*");
  const sources = [...element.querySelectorAll("[data-testid=source-select] button")];
  expect(sources.map((each) => each.getAttribute("aria-label"))).toEqual(["Upload file", "Record video"]);
  expect(sources.map((each) => each.getAttribute("aria-pressed"))).toEqual(["true", "false"]);
});

test("an upload tells upload, change, input; clear tells clear, change, input", async () => {
  const { find, element, names } = await mount<GrVideo>("gr-video", { label: "Clip" });
  await find<GrDropArea>("gr-drop-area").take([new File(["x"], "film.mp4", { type: "video/mp4" })]);
  expect(names()).toEqual(["upload", "change", "input"]);
  await element.updateComplete;
  expect(find("[data-testid=Clip-player]").getAttribute("src")).toBe(`/chat/file=${PATH}`);
  find("[aria-label=Clear]").click();
  expect(names().slice(3)).toEqual(["clear", "change", "input"]);
  expect(element.value).toBeNull();
});

test("a film is played with its subtitles, those of the value before those of the declaration", async () => {
  const subtitles = { path: "BBBBBBBBBBBBBBBBBBBBBB/a.vtt" };
  const { find, element } = await mount<GrVideo>("gr-video", { value: FILM, subtitles, loop: true });
  const track = () => find<HTMLTrackElement>("track").getAttribute("src");
  expect(track()).toBe("/chat/file=BBBBBBBBBBBBBBBBBBBBBB/a.vtt");
  expect(find("video").hasAttribute("loop")).toBe(true);
  element.value = { ...FILM, subtitles: { path: "CCCCCCCCCCCCCCCCCCCCCC/b.vtt" } };
  await element.updateComplete;
  expect(track()).toBe("/chat/file=CCCCCCCCCCCCCCCCCCCCCC/b.vtt");
});

test("playing tells play and pause, the end stop and end", async () => {
  const { find, names } = await mount<GrVideo>("gr-video", { value: FILM, interactive: false });
  const player = find<HTMLVideoElement>("video");
  player.dispatchEvent(new Event("play"));
  player.dispatchEvent(new Event("pause"));
  Object.defineProperty(player, "ended", { value: true });
  player.dispatchEvent(new Event("pause"));
  player.dispatchEvent(new Event("ended"));
  expect(names()).toEqual(["play", "pause", "stop", "end"]);
});

test("it begins where it is told to, and at the part that was cut out", async () => {
  const { find, element } = await mount<GrVideo>("gr-video", { value: FILM, playback_position: 3 });
  const player = find<HTMLVideoElement>("video");
  Object.defineProperty(player, "duration", { value: 10 });
  player.dispatchEvent(new Event("loadedmetadata"));
  expect(player.currentTime).toBe(3);
  element.value = { ...FILM, trim: [4, 6] };
  await element.updateComplete;
  player.dispatchEvent(new Event("play"));
  expect(player.currentTime).toBe(4);
});

test("what the browser cannot play is told, with a way to save it", async () => {
  const { find, element } = await mount<GrVideo>("gr-video", { value: FILM });
  find("video").dispatchEvent(new Event("error"));
  await element.updateComplete;
  expect(find("[role=alert]").textContent).toContain("This browser cannot play this video.");
  expect(find("[role=alert] a").getAttribute("download")).toBe("film.mp4");
  element.value = { video: { path: "DDDDDDDDDDDDDDDDDDDDDD/other.mp4" } };
  await element.updateComplete;
  expect(find("video")).not.toBeNull();
});

test("only a server that can cut offers to", async () => {
  const { element } = await mount<GrVideo>("gr-video", { value: FILM });
  expect(element.querySelector("[aria-label='Trim video']")).toBeNull();
});

test("a part is chosen with two handles, and undone", async () => {
  const { find, element, names } = await mount<GrVideo>("gr-video", { value: FILM, _cuts: true });
  Object.defineProperty(find<HTMLVideoElement>("video"), "duration", { value: 10 });
  find("[aria-label='Trim video']").click();
  await vi.waitFor(() => expect(element.querySelector("gr-trim")).not.toBeNull());
  const trim = find<GrTrim>("gr-trim");
  await trim.updateComplete;
  const [start, end] = trim.querySelectorAll<HTMLInputElement>("input");
  const slide = (input: HTMLInputElement, to: string): void => {
    input.value = to;
    input.dispatchEvent(new Event("input", { bubbles: true }));
  };
  slide(start, "2.5");
  slide(end, "1"); // not before the start
  await trim.updateComplete;
  expect(end.valueAsNumber).toBeCloseTo(2.6);
  slide(end, "7");
  trim.querySelector<HTMLButtonElement>("button.primary")!.click();
  expect(element.value).toEqual({ ...FILM, trim: [2.5, 7] });
  expect(names()).toEqual(["change", "input"]);
  await element.updateComplete;
  find("[aria-label='Show the whole video']").click();
  expect(element.value).toEqual(FILM);
});

test("without a camera the reason is told", async () => {
  vi.stubGlobal("navigator", {
    mediaDevices: {
      getUserMedia: async () => {
        throw new DOMException("no", "NotAllowedError");
      },
    },
  });
  const { find } = await mount<GrVideo>("gr-video", { sources: ["webcam"] });
  await vi.waitFor(() => expect(find("gr-recorder button")).not.toBeNull());
  find("gr-recorder button").click();
  await vi.waitFor(() =>
    expect(find("[role=alert]").textContent).toContain("was not allowed to use the camera"),
  );
});

test("a camera without a microphone films in silence", async () => {
  const getUserMedia = vi.fn(async ({ audio }: MediaStreamConstraints) => {
    if (audio) throw new DOMException("none", "NotFoundError");
    return "live";
  });
  vi.stubGlobal("navigator", { mediaDevices: { getUserMedia, enumerateDevices: async () => [] } });
  expect(await openCamera({}, undefined, true)).toEqual({ stream: "live", cameras: [] });
  expect(getUserMedia).toHaveBeenCalledTimes(2);
});

test("a recording is sent, and tells change, stop_recording, input", async () => {
  const { find, element, names } = await mount<GrVideo>("gr-video", {
    sources: ["webcam"],
    include_audio: true,
  });
  const recorder = find<GrRecorder>("gr-recorder");
  expect(recorder.sound).toBe(true);
  recorder.begun();
  await recorder.take(new File(["film"], "recording.webm"));
  expect(names()).toEqual(["start_recording", "change", "stop_recording", "input"]);
  expect(element.value).toEqual({ video: { path: PATH, orig_name: "recording.webm" }, subtitles: null });
});

test("the wanted kind is recorded where the browser can", () => {
  vi.stubGlobal("MediaRecorder", { isTypeSupported: (kind: string) => !kind.includes("vp8") });
  expect(recordedType("mp4")).toBe("video/mp4");
  expect(recordedType(null)).toBe("video/webm");
  expect(clock(65.9)).toBe("1:05");
});

test("pieces are played one after the other, and the whole film goes on where they were", async () => {
  const piece = (letter: string) => ({ path: `${letter.repeat(22)}/piece.mp4` });
  const value = (still: boolean, ...letters: string[]) => {
    const pieces = letters.map(piece);
    return { video: { ...pieces[0], pieces, is_stream: still }, subtitles: null };
  };
  const { find, element, names } = await mount<GrVideo>("gr-video", {
    value: value(true, "E"),
    interactive: false,
  });
  const player = () => find<HTMLVideoElement>("video.player");
  const loaded = (seconds: number): void => {
    Object.defineProperty(player(), "duration", { value: seconds, configurable: true });
    player().dispatchEvent(new Event("loadedmetadata"));
  };
  loaded(2);
  player().dispatchEvent(new Event("play"));
  player().dispatchEvent(new Event("ended")); // and the next has not come
  await element.updateComplete;
  element.value = value(true, "E", "F");
  await element.updateComplete;
  expect(player().getAttribute("src")).toContain("FFFF");
  loaded(3);
  player().dispatchEvent(new Event("play"));
  player().currentTime = 1;
  element.value = { video: { path: `${"G".repeat(22)}/whole.mp4` }, subtitles: null };
  await element.updateComplete;
  loaded(5);
  expect(player().currentTime).toBe(3);
  expect(names()).toEqual(["play"]);
  player().dispatchEvent(new Event("ended"));
  expect(names()).toEqual(["play", "stop", "end"]);
});

test("the last piece of a film that stays in pieces ends it", async () => {
  const pieces = [{ path: `${"H".repeat(22)}/a.webm` }];
  const { find, element, names } = await mount<GrVideo>("gr-video", {
    value: { video: { ...pieces[0], pieces, is_stream: true } },
  });
  find("video").dispatchEvent(new Event("ended"));
  await element.updateComplete;
  expect(names()).toEqual([]);
  element.value = { video: { ...pieces[0], pieces, is_stream: false } };
  await element.updateComplete;
  expect(names()).toEqual(["stop", "end"]);
});

test("it tells where it is being played, in pieces since the first, and goes where it is sent", async () => {
  const { element, find } = await mount<GrVideo>("gr-video", { playback_position: 4 });
  expect(element.optionsNow()).toEqual({ playback_position: 4 });
  element.receive(FILM);
  await element.updateComplete;
  const player = find<HTMLVideoElement>("video");
  Object.defineProperties(player, { readyState: { value: 4 }, duration: { value: 10 } });
  player.currentTime = 2.5;
  expect(element.optionsNow()).toEqual({ playback_position: 2.5 });
  element.props = { ...element.props, playback_position: 7 };
  await element.updateComplete;
  expect(player.currentTime).toBe(7);
  const pieces = ["1", "2"].map((name) => ({ path: `${"A".repeat(22)}/${name}.mp4` }));
  element.receive({ video: { ...pieces[0], is_stream: true, pieces } });
  await element.updateComplete;
  player.dispatchEvent(new Event("loadedmetadata"));
  player.dispatchEvent(new Event("ended"));
  await element.updateComplete;
  player.currentTime = 1;
  expect(element.optionsNow()).toEqual({ playback_position: 11 });
});
