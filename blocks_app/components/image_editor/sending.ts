/** Makes the wire value of a picture: what the server does not have yet is uploaded, all of it in one request. */
import { upload, type FileData } from "blocks";
import type { Picture } from "./picture";
import type { Sheet } from "./sheets";

export interface EditorData {
  background: FileData | null;
  layers: FileData[];
  composite: FileData | null;
  id?: string | null;
}

export const EMPTY: EditorData = { background: null, layers: [], composite: null, id: null };

const LONGEST_PAUSE_MS = 10_000;

/**
 * The value of the picture as it is when this is called. While there is no connection it waits, and asks `goesOn` whether
 * it still should; `tell` hears of each failure.
 */
export async function valueOf(
  picture: Picture,
  tell: (trouble: boolean) => void,
  goesOn: () => boolean,
): Promise<EditorData> {
  if (!picture.state.touched) return EMPTY;
  const { ground, composite } = picture;
  const layers = picture.state.layers.map(({ sheet }) => sheet);
  const sheets = [...new Set([ground, ...layers, composite])];
  const missing = sheets.filter((sheet) => !sheet.known);
  const versions = missing.map(({ version }) => version);
  const files = new Map(sheets.map((sheet) => [sheet, sheet.known!]));
  const named = missing.map(async (sheet) => new File([await sheet.encoded()], nameOf(sheet), PNG));
  const nameOf = (sheet: Sheet): string => {
    if (sheet === ground) return "background.png";
    return sheet === composite ? "composite.png" : `layer_${layers.indexOf(sheet) + 1}.png`;
  };
  const encoded = await Promise.all(named);
  const sent = encoded.length ? await insistently(() => upload(encoded), tell, goesOn) : [];
  missing.forEach((sheet, at) => {
    files.set(sheet, sent[at]);
    sheet.isKnownAs(sent[at], versions[at]);
  });
  return {
    background: files.get(ground)!,
    layers: layers.map((sheet) => files.get(sheet)!),
    composite: files.get(composite)!,
    id: null,
  };
}

const PNG = { type: "image/png" };

/** Tries again after a lost connection, until it is back. What the server refuses is not tried again. */
async function insistently<T>(
  attempt: () => Promise<T>,
  tell: (trouble: boolean) => void,
  goesOn: () => boolean,
): Promise<T> {
  for (let pause = 500; ; pause = Math.min(2 * pause, LONGEST_PAUSE_MS)) {
    try {
      const made = await attempt();
      tell(false);
      return made;
    } catch (error) {
      if (!(error instanceof Error) || error.name !== "NetworkError" || !goesOn()) throw error;
    }
    tell(true);
    await new Promise<void>((done) => {
      const timer = setTimeout(go, pause);
      function go(): void {
        clearTimeout(timer);
        removeEventListener("online", go);
        done();
      }
      addEventListener("online", go);
    });
  }
}
