/** What component modules may know about the page they live in. */

/** A file on the wire; see FileData in the protocol. */
export interface FileData {
  path: string;
  url?: string | null;
  size?: number | null;
  orig_name?: string | null;
  mime_type?: string | null;
  is_stream?: boolean;
  meta?: { _type: "gradio.FileData" };
}

/** Progress of an upload: bytes sent of all bytes. */
export type UploadProgress = (sent: number, total: number) => void;

/** Facts of this page, filled by main.ts before any element is created. */
export const page = {
  /** Path prefix of this app with trailing slash; all addresses are built from it. */
  base: "/",
  /** Upload limit in bytes, or null. */
  maxFileSize: null as number | null,
  /** Session of this tab. */
  session: "",
  /** Names of the files that are on their way to the server. */
  unsent: new Set<string>(),
};

/**
 * Address under which the browser reads a file; null for none. Data and blob addresses pass unchanged. A file of this
 * app is asked for where the page itself came from, whatever the server believes to be its own address.
 */
export function fileUrl(file: FileData | string | null | undefined): string | null {
  if (!file) return null;
  if (typeof file === "string") return file;
  if (/^[\w-]{22}\/[^/]+$/.test(file.path)) return `${page.base}file=${encodeURI(file.path)}`;
  if (file.url) return file.url;
  return /^(https?|data|blob):/.test(file.path) ? file.path : `${page.base}file=${file.path}`;
}

/** Uploads files and answers their wire values, in order. Rejects with an Error whose message is fit for the user. */
export async function upload(
  files: Iterable<File | Blob>,
  progress?: UploadProgress,
  signal?: AbortSignal,
): Promise<FileData[]> {
  const sending = await import("./upload");
  return sending.send([...files], page, progress, signal);
}

/** Loads `<gr-drop-area>`, where files are chosen, dropped and seen to travel. */
export const dropArea = () => import("./droparea");

/** Loads `<gr-camera>`. */
export const camera = () => import("./camera");
