/** Uploading: one multipart POST, with progress, which fetch cannot tell. */
import { t } from "blocks";
import type { FileData, UploadProgress } from "./page";

/** Files in one request: below Django's limit of 100. */
const TOGETHER = 50;

/** Posts the files to `<base>upload`, some at a time, and makes wire values of the paths that the server answers. */
export async function send(
  files: (File | Blob)[],
  page: { base: string; maxFileSize: number | null; unsent?: Set<string> },
  progress?: UploadProgress,
  signal?: AbortSignal,
): Promise<FileData[]> {
  const limit = page.maxFileSize;
  const large = limit != null && files.find((file) => file.size > limit);
  if (large) throw new Error(t("{0} is larger than {1}.", nameOf(large), size(limit!)));
  const total = files.reduce((sum, file) => sum + file.size, 0);
  const done: FileData[] = [];
  let before = 0;
  for (const file of files) page.unsent?.add(nameOf(file));
  try {
    for (let i = 0; i < files.length; i += TOGETHER) {
      const some = files.slice(i, i + TOGETHER);
      const part = (sent: number) => progress?.(Math.min(before + sent, total), total);
      done.push(...(await post(some, page.base, part, signal)));
      before += some.reduce((sum, file) => sum + file.size, 0);
    }
  } finally {
    for (const file of files) page.unsent?.delete(nameOf(file));
  }
  return done;
}

function post(
  files: (File | Blob)[],
  base: string,
  progress: (sent: number) => void,
  signal?: AbortSignal,
): Promise<FileData[]> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    signal?.throwIfAborted();
    request.open("POST", `${base}upload?upload_id=${uploadId()}`);
    request.responseType = "json";
    request.upload.onprogress = (event) => progress(event.loaded);
    request.onload = () => {
      if (request.status !== 200 || !Array.isArray(request.response)) reject(refusal(request));
      else resolve(files.map((file, i) => fileData(request.response[i], file)));
    };
    request.onerror = () =>
      reject(new DOMException(t("The upload failed: no connection to the server."), "NetworkError"));
    request.onabort = () => reject(new DOMException(t("The upload was cancelled."), "AbortError"));
    signal?.addEventListener("abort", () => request.abort());
    const form = new FormData();
    for (const file of files) form.append("files", file, nameOf(file));
    request.send(form);
  });
}

/** By which the server, too, tells how far this upload has come; `randomUUID` exists on https pages only. */
function uploadId(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(12)), (byte) =>
    byte.toString(16).padStart(2, "0"),
  ).join("");
}

/** The server may answer whole records or, as Gradio does, paths. */
function fileData(answer: string | FileData, file: File | Blob): FileData {
  const record = typeof answer === "string" ? { path: answer } : answer;
  return {
    orig_name: nameOf(file),
    size: file.size,
    mime_type: file.type || null,
    ...record,
    meta: { _type: "gradio.FileData" },
  };
}

function refusal(request: XMLHttpRequest): Error {
  const detail: unknown = request.response?.detail;
  if (typeof detail === "string") return new Error(detail);
  return new Error(
    request.status === 413
      ? t("The file is too large for this app.")
      : t("The upload failed ({0}).", request.status),
  );
}

function nameOf(file: File | Blob): string {
  return "name" in file && file.name ? file.name : "blob";
}

function size(bytes: number): string {
  const units = ["B", "KB", "MB", "GB"];
  const power = Math.min(3, Math.floor(Math.log(Math.max(bytes, 1)) / Math.log(1024)));
  return `${+(bytes / 1024 ** power).toFixed(1)} ${units[power]}`;
}
