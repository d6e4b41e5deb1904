/** A recording of the microphone as a WAV file, which every program reads. */
import { t } from "blocks";

/** Records until `stop`; `stop` gives the file, `cancel` none. */
export interface Recording {
  stop(): Promise<File>;
  cancel(): void;
}

/** Asks for the microphone and begins. Rejects with words for the visitor. */
export async function record(): Promise<Recording> {
  const live = await microphone();
  const recorder = new MediaRecorder(live);
  const pieces: Blob[] = [];
  recorder.ondataavailable = ({ data }) => pieces.push(data);
  const ended = new Promise<void>((done) => (recorder.onstop = () => done()));
  const close = (): void => {
    if (recorder.state !== "inactive") recorder.stop();
    live.getTracks().forEach((track) => track.stop());
  };
  recorder.start();
  return {
    cancel: close,
    async stop() {
      close();
      await ended;
      const sound = await decoded(new Blob(pieces, { type: recorder.mimeType }));
      return new File([wav(sound)], "recording.wav", { type: "audio/wav" });
    },
  };
}

async function microphone(): Promise<MediaStream> {
  if (!navigator.mediaDevices)
    throw new Error(t("Browsers give a microphone only to pages that came by https or from this computer."));
  try {
    return await navigator.mediaDevices.getUserMedia({ audio: true });
  } catch (error) {
    const refused = error instanceof DOMException && error.name === "NotAllowedError";
    throw new Error(
      refused ? t("The microphone may not be used: allow it in the browser.") : t("No microphone was found."),
    );
  }
}

async function decoded(blob: Blob): Promise<AudioBuffer> {
  const context = new AudioContext();
  try {
    return await context.decodeAudioData(await blob.arrayBuffer());
  } catch {
    throw new Error(t("The recording is empty. Speak a little longer."));
  } finally {
    void context.close();
  }
}

/** 16 bits a sample, channels interleaved; the header of 44 bytes as in the RIFF specification. */
export function wav(
  sound: Pick<AudioBuffer, "numberOfChannels" | "length" | "sampleRate" | "getChannelData">,
) {
  const { numberOfChannels: channels, length, sampleRate } = sound;
  const bytes = length * channels * 2;
  const view = new DataView(new ArrayBuffer(44 + bytes));
  const text = (at: number, word: string): void =>
    [...word].forEach((letter, i) => view.setUint8(at + i, letter.charCodeAt(0)));
  text(0, "RIFF");
  view.setUint32(4, 36 + bytes, true);
  text(8, "WAVEfmt ");
  view.setUint32(16, 16, true);
  view.setUint16(20, 1, true);
  view.setUint16(22, channels, true);
  view.setUint32(24, sampleRate, true);
  view.setUint32(28, sampleRate * channels * 2, true);
  view.setUint16(32, channels * 2, true);
  view.setUint16(34, 16, true);
  text(36, "data");
  view.setUint32(40, bytes, true);
  for (let channel = 0; channel < channels; channel += 1) {
    const samples = sound.getChannelData(channel);
    for (let i = 0; i < length; i += 1) {
      const sample = Math.max(-1, Math.min(1, samples[i]));
      view.setInt16(44 + (i * channels + channel) * 2, Math.round(sample * 32767), true);
    }
  }
  return view.buffer;
}
