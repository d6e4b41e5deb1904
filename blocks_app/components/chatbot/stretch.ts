/** A stretch of a conversation: some groups, which are drawn together, and again only when one of them changes. */
import { GrElement, define, html, nothing, property, type PropertyValues } from "blocks";
import type { GrChatbot } from "./chatbot";
import type { View } from "./group";

/** Groups of one stretch. */
const GROUPS = 40;

export class GrChatStretch extends GrElement<View[]> {
  chat!: GrChatbot;
  /** Whether it may wait until the browser has time. */
  @property() waits = false;
  private drawn = false;

  protected override willUpdate(changed: PropertyValues): void {
    if (!this.waits) this.drawn = true;
    else if (changed.has("value")) this.drawn = false;
  }

  override render() {
    if (!this.drawn) return nothing;
    return this.value.map(
      (view) => html`<gr-chat-group .chat=${this.chat} .props=${this.props} .value=${view}></gr-chat-group>`,
    );
  }
}

/** The views in stretches; one whose views are those of before is the same list. */
export function stretchesOf(views: View[], before: View[][]): View[][] {
  const stretches: View[][] = [];
  for (let start = 0; start < views.length; start += GROUPS) {
    const stretch = views.slice(start, start + GROUPS);
    const old = before[stretches.length];
    const kept = old?.length === stretch.length && stretch.every((view, at) => view === old[at]);
    stretches.push(kept ? old : stretch);
  }
  return stretches;
}

/** Calls back when the browser has time, as soon as there is some. */
export function whenIdle(callback: () => void): void {
  if ("requestIdleCallback" in window) requestIdleCallback(callback, { timeout: 200 });
  else setTimeout(callback, 16);
}

/** The next frame, or soon where the page is not painted. */
export function nextFrame(): Promise<void> {
  return new Promise((resolve) => {
    const late = setTimeout(resolve, 100);
    requestAnimationFrame(() => {
      clearTimeout(late);
      resolve();
    });
  });
}

define("gr-chat-stretch", GrChatStretch);
