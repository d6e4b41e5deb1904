/** The apps in one page of a site: what the loader knows of each, for the modules of that app. Types and one place. */
import type { Elements } from "./elements";

/** One app in a page of a site. */
export interface EmbeddedApp {
  /** Where its own copies of the modules are: the address of `embed/N/`. */
  readonly code: string;
  /** Its number in the page, from 1. */
  readonly number: number;
  /** The app's own address. */
  readonly base: string;
  readonly root: ShadowRoot;
  /** What stands for `html` and `body`. */
  readonly body: HTMLElement;
  /** The config as the server has written it. */
  readonly config: string;
  /** What the app's events tell as the query of their address, with "?". */
  readonly search: string;
  /** From names of built files to those that were built for this place. */
  readonly files: Record<string, string>;
  /** Its own texts by the English ones; none where it speaks English. */
  readonly words: Window["blocks_words"];
  /** The nonce of the page's policy, "" without one. */
  readonly nonce: string;
  /** Aborted when the app is taken out of the page for good. */
  readonly end: AbortController;
  elements?: Elements;
  /** What the app's scripts find instead of the page's own, see context.ts. */
  names?: object;
}

interface Shared {
  readonly apps: Map<string, EmbeddedApp>;
  /** Numbers that were given out. */
  count: number;
  /** What the browser knows of each tag, for every app. */
  readonly tags: Map<string, CustomElementConstructor>;
  /** The app that is making an element at the moment. */
  making: Elements | null;
  readonly roots: WeakMap<Node, Elements>;
  /** Texts of languages, by their address. */
  readonly words: Map<string, Promise<EmbeddedApp["words"]>>;
}

/** What all copies of the modules have in common. */
export const shared: Shared = ((globalThis as Record<symbol, unknown>)[Symbol.for("blocks.embedded")] ??= {
  apps: new Map(),
  count: 0,
  tags: new Map(),
  making: null,
  roots: new WeakMap(),
  words: new Map(),
}) as Shared;
