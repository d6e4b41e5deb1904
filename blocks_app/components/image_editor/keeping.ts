/**
 * Drawings that have to survive a reload of the page, in the browser's own database. A drawing belongs to a block of one
 * version of the app, and to the session of a visitor's tab, which goes on after a reload.
 */
import { page } from "blocks";

export interface KeptLayer {
  name: string;
  shown: boolean;
  blob: Blob;
}

export interface KeptDrawing {
  width: number;
  height: number;
  /** None is an empty white sheet. */
  background: Blob | null;
  layers: KeptLayer[];
  /** Which layer is drawn on, from below. */
  active: number;
}

interface Row extends KeptDrawing {
  key: string;
  at: number;
  /** Which load of the page has written it. */
  load: string;
}

const NAME = "blocks-drawings";
const STORE = "drawings";
/** After a day nobody comes back to a tab's drawing. */
const KEPT_MS = 24 * 60 * 60 * 1000;

/** This load of the page. */
const LOAD = Array.from(crypto.getRandomValues(new Uint32Array(3))).join("-");

let opening: Promise<IDBDatabase | null> | null = null;

/** The database; null where the browser has none for this page. Old drawings go. */
function database(): Promise<IDBDatabase | null> {
  opening ??= new Promise<IDBDatabase | null>((done) => {
    try {
      const request = indexedDB.open(NAME, 1);
      request.onupgradeneeded = () =>
        request.result.createObjectStore(STORE, { keyPath: "key" }).createIndex("at", "at");
      request.onerror = () => done(null);
      request.onsuccess = () => {
        done(request.result);
        sweep(request.result);
      };
    } catch {
      done(null); // there is none, or this page may not use it
    }
  });
  return opening;
}

function sweep(open: IDBDatabase): void {
  const old = IDBKeyRange.upperBound(Date.now() - KEPT_MS);
  const store = open.transaction(STORE, "readwrite").objectStore(STORE);
  store.index("at").getAllKeys(old).onsuccess = ({ target }) => {
    for (const key of (target as IDBRequest<IDBValidKey[]>).result) store.delete(key);
  };
}

/** Session of this tab; at the start of a page it is there before the page is ready. */
async function session(): Promise<string> {
  const root = document.getElementById("blocks-root");
  if (!page.session && root?.hasAttribute("aria-busy"))
    await new Promise<void>((done) => {
      const watching = new MutationObserver(() => {
        watching.disconnect();
        done();
      });
      watching.observe(root, { attributeFilter: ["aria-busy"] });
    });
  return page.session;
}

async function run<T>(
  mode: IDBTransactionMode,
  what: (store: IDBObjectStore, key: string) => IDBRequest<T>,
  block: string,
): Promise<T | null> {
  const open = await database();
  const revision = (window as { gradio_config?: { revision?: string } }).gradio_config?.revision;
  const key = JSON.stringify([await session(), page.base, revision, block]);
  if (!open) return null;
  return new Promise<T | null>((done) => {
    try {
      const request = what(open.transaction(STORE, mode).objectStore(STORE), key);
      request.onsuccess = () => done(request.result);
      request.onerror = () => done(null); // no room: the drawing lives as long as the page
    } catch {
      done(null);
    }
  });
}

/** Keeps the drawing of a block in place of the one before. */
export async function keep(block: string, drawing: KeptDrawing): Promise<void> {
  await run(
    "readwrite",
    (store, key) => store.put({ ...drawing, key, at: Date.now(), load: LOAD } satisfies Row),
    block,
  );
}

export async function forget(block: string): Promise<void> {
  await run("readwrite", (store, key) => store.delete(key), block);
}

/** The drawing of a block before the page was loaded anew. */
export async function kept(block: string): Promise<KeptDrawing | null> {
  const row = await run<Row | undefined>("readonly", (store, key) => store.get(key), block);
  return row && row.load !== LOAD ? row : null;
}
