/**
 * The text of a message, drawn when it comes near: a conversation of any length opens at once. Until then the text stands
 * there as it is.
 */
import { define, markdownView, type MarkdownOptions, type MarkdownView, type Props } from "blocks";
import { asWritten } from "./tags";

const near = new IntersectionObserver(
  (seen) => {
    for (const { isIntersecting, target } of seen) if (isIntersecting) (target as GrChatText).drawNow();
  },
  { rootMargin: "600px" },
);

/** Milliseconds of drawing that need no pause; pauses for each beyond them, and the longest in all. */
const SHORT = 8;
const PAUSES = 4;
const LONGEST = 600;

export class GrChatText extends HTMLElement {
  #text = "";
  #props: Props = {};
  #view?: MarkdownView;
  #root = document.createElement("div");
  #asked = false;
  #stale = true;
  #frame = 0;
  #pause?: ReturnType<typeof setTimeout>;
  /** When it may be drawn again. */
  #rested = 0;

  set text(text: string) {
    if (text === this.#text) return;
    this.#text = text;
    this.#changed();
  }

  set props(props: Props) {
    if (props === this.#props) return;
    this.#props = props;
    this.#changed();
  }

  connectedCallback(): void {
    this.#root.className = "md";
    if (!this.#root.isConnected) this.append(this.#root);
    if (this.#stale) this.#changed();
  }

  disconnectedCallback(): void {
    near.unobserve(this);
    cancelAnimationFrame(this.#frame);
    clearTimeout(this.#pause);
    this.#frame = 0;
    this.#pause = undefined;
  }

  #changed(): void {
    this.#stale = true;
    if (!this.isConnected) return;
    if (this.#view && this.#props.render_markdown !== false) {
      // as often as the browser paints, however fast the words come; what takes long has its pauses
      if (this.#frame || this.#pause) return;
      const left = this.#rested - performance.now();
      if (left > 0)
        this.#pause = setTimeout(() => {
          this.#pause = undefined;
          if (this.isConnected) this.#nextFrame();
        }, left);
      else this.#nextFrame();
      return;
    }
    this.#root.classList.add("plain");
    this.#root.textContent = this.#text;
    if (this.#props.render_markdown === false) {
      this.#stale = false;
      this.#view = undefined;
      return;
    }
    near.observe(this);
  }

  #nextFrame(): void {
    this.#frame = requestAnimationFrame(() => {
      this.#frame = 0;
      this.#draw();
    });
  }

  /** Draws the text, the libraries being there or not. */
  drawNow(): void {
    near.unobserve(this);
    if (this.#view) return this.#draw();
    if (this.#asked) return;
    this.#asked = true;
    void markdownView(this.#root).then((view) => {
      this.#asked = false;
      if (this.#props.render_markdown === false) return;
      this.#view = view;
      this.#root.classList.remove("plain");
      this.#root.replaceChildren();
      this.#draw();
    });
  }

  #draw(): void {
    this.#stale = false;
    const { sanitize_html, allow_tags } = this.#props;
    const text = sanitize_html === false ? this.#text : asWritten(this.#text, allow_tags ?? true);
    const began = performance.now();
    this.#view!.render(text, this.#props as MarkdownOptions);
    const now = performance.now();
    this.#rested = now + Math.min(LONGEST, PAUSES * (now - began - SHORT));
  }
}

define("gr-chat-text", GrChatText);
