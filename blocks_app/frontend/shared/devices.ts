/** Cameras and microphones: `import { openCamera, trouble } from "blocks/devices"`. Pages without them load none of it. */
import { t } from "blocks";

/** What a browser gave: what comes from the devices, and the cameras that there are. */
export interface Live {
  stream: MediaStream;
  cameras: MediaDeviceInfo[];
}

/** Asks for a camera, and for a microphone where there shall be sound; the browser may ask the visitor. */
export async function openCamera(wish: MediaTrackConstraints, device?: string, sound = false): Promise<Live> {
  if (!navigator.mediaDevices) throw new Error("insecure");
  const chosen = device ? { deviceId: { exact: device } } : {};
  const video = { ...wish, ...chosen };
  const ask = (audio: boolean) => navigator.mediaDevices.getUserMedia({ video, audio });
  const stream = await ask(sound).catch((error: DOMException) => {
    if (!sound || error.name !== "NotFoundError") throw error;
    return ask(false); // a camera without a microphone is a camera
  });
  const all = await navigator.mediaDevices.enumerateDevices();
  return { stream, cameras: all.filter((found) => found.kind === "videoinput") };
}

export function closeDevices(stream: MediaStream | null | undefined): void {
  stream?.getTracks().forEach((track) => track.stop());
}

/** Why there is no camera, in words for the visitor. */
export function trouble(error: unknown): string {
  const name = error instanceof DOMException ? error.name : "";
  if (name === "NotAllowedError")
    return t("The browser was not allowed to use the camera. Allow it beside the address.");
  if (name === "NotFoundError" || name === "OverconstrainedError") return t("No camera was found.");
  if (name === "NotReadableError") return t("The camera is in use by another program.");
  return t("This page cannot use the camera: browsers allow it on https and localhost only.");
}
