/** Draws a sound with wavesurfer.js, whose styles carry the page's nonce. A chunk of its own. */
import WaveSurfer from "wavesurfer.js";
import { decode, peaks } from "./pcm";

/** Samples a second that a drawing needs. */
const RATE = 8000;
/** Bytes and seconds of a file that a browser decodes for a drawing alone. */
const MOST_BYTES = 30_000_000;
const MOST_SECONDS = 1800;

export interface Look {
  wave: string;
  progress: string;
}

/** Draws what `media` plays into `parent`; null where it is too long, or the browser cannot decode it. */
export async function draw(
  parent: HTMLElement,
  media: HTMLMediaElement,
  address: string,
  look: Look,
  signal: AbortSignal,
): Promise<{ destroy: () => void } | null> {
  const answer = await fetch(address, { signal });
  if (!answer.ok || Number(answer.headers.get("content-length")) > MOST_BYTES) return null;
  const file = await answer.arrayBuffer();
  const sound = await decode(file, RATE).catch(() => null);
  if (!sound?.samples.length || signal.aborted) return null;
  const duration = sound.samples.length / sound.channels / sound.rate;
  if (duration > MOST_SECONDS) return null;
  return WaveSurfer.create({
    container: parent,
    media,
    peaks: [peaks(sound)],
    duration,
    height: 80,
    waveColor: look.wave,
    progressColor: look.progress,
    cursorColor: look.progress,
    barWidth: 2,
    barGap: 1,
    barRadius: 2,
    normalize: true,
    hideScrollbar: true,
    dragToSeek: true,
    cspNonce: document.querySelector<HTMLScriptElement>("script[nonce]")?.nonce ?? "",
  });
}
