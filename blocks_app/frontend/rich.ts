/** Rich text: the way to the Markdown libraries, which are only fetched when a component asks for them. */
import type { MarkdownView } from "./markdown";

export type { MarkdownView, MarkdownOptions } from "./markdown";

/** A view that draws Markdown into `root`, again and again as the text grows. */
export async function markdownView(root: HTMLElement): Promise<MarkdownView> {
  const markdown = await import("./markdown");
  return new markdown.MarkdownView(root);
}
