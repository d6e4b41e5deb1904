/** Chatbot: a conversation. See chatbot.py. */
import {
  GrElement,
  copyText,
  define,
  fileUrl,
  html,
  icon,
  nothing,
  state,
  styleMap,
  type PropertyValues,
  t,
} from "blocks";
import { iconButton } from "blocks/corner";
import type { View } from "./group";
import "./group";
import { nextFrame, stretchesOf, whenIdle } from "./stretch";
import { groupsOf, partsToldOf, toldOf, turnsOf, withText, wordsOf, type Turn, type Value } from "./turns";
import "./words";
import "../markdown.css";
import "./chatbot.css";

/** Stretches at the end that are drawn at once; those before them follow while the browser is idle. */
const AT_ONCE = 2;
/** Pixels from the end within which a reader counts as being there. */
const END = 40;

const length = (size: number | string | null | undefined) =>
  typeof size === "number" ? `${size}px` : (size ?? "");

export class GrChatbot extends GrElement<Value> {
  override defaultLabel = "Chatbot";
  /** Whether the reader is at the end, and what is added is followed. */
  @state() private following = true;
  @state() private copied = false;
  /** Stretches at the start that are not drawn yet. */
  @state() private waiting = 0;
  private views: View[] = [];
  private stretches: View[][] = [];
  private asked = false;
  private turns: Turn[] = [];
  /** Settled when the frame in which it was drawn last is over. */
  private painted?: Promise<void>;
  private given = new Map<string, string>();
  private top = 0;
  private readonly sizes = new ResizeObserver(() => this.keepDown());

  private get log(): HTMLElement | null {
    return this.querySelector(".bubble-wrap");
  }

  override connectedCallback(): void {
    this.classList.add("cornered");
    super.connectedCallback();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.sizes.disconnect();
  }

  protected override willUpdate(changed: PropertyValues): void {
    if (changed.has("value") || changed.has("props")) {
      const old = this.turns;
      this.turns = turnsOf(this.value, changed.get("value") as Value | undefined);
      if (this.turns.length > old.length && this.turns.at(-1)?.role === "user") this.following = true;
      if (this.given.size) this.forget(old);
    }
    this.views = this.viewsNow(changed.has("props") || !changed.has("value"));
    const old = this.stretches;
    this.stretches = stretchesOf(this.views, old);
    const came = this.stretches.filter((stretch, at) => stretch !== old[at]).length;
    if (came > AT_ONCE) this.waiting = this.stretches.length - AT_ONCE;
    else this.waiting = Math.min(this.waiting, this.stretches.length);
  }

  /** What was said of a message that is gone, or says something else now, was not said of what is in its place. */
  private forget(before: Turn[]): void {
    for (const key of [...this.given.keys()]) {
      const find = (turns: Turn[]) => turns.find(({ index }) => `${index}` === key);
      const [old, now] = [find(before), find(this.turns)];
      if (!now || (old && !wordsOf(now).startsWith(wordsOf(old)))) this.given.delete(key);
    }
  }

  /** At most once in a frame, however fast the words come. */
  protected override async scheduleUpdate(): Promise<void> {
    await this.painted;
    super.scheduleUpdate();
    if (this.views.length) this.painted = nextFrame().then(() => (this.painted = undefined));
  }

  /** The views of all groups: of those before the first turn that has changed, the same as before, unless `all`. */
  private viewsNow(all: boolean): View[] {
    let kept = 0;
    if (!all)
      for (let turn = 0; kept < this.views.length - 1; kept += 1) {
        const { turns } = this.views[kept];
        if (!turns.every((each, at) => each === this.turns[turn + at])) break;
        turn += turns.length;
      }
    // the group before may go on
    const before = this.views.slice(0, Math.max(0, kept - 1));
    const start = before.reduce((sum, { turns }) => sum + turns.length, 0);
    const groups = groupsOf(this.turns.slice(start), this.props.group_consecutive_messages !== false);
    let answer = before.filter(({ turns }) => turns[0].role !== "user").length;
    const views = groups.map((turns, number) => {
      const told = turns[0].role === "user" ? null : (this.props.feedback_value?.[answer++] ?? null);
      const feedback = this.given.get(`${turns[0].index}`) ?? told;
      return this.view(before.length + number, turns, number === groups.length - 1, feedback);
    });
    return [...before, ...views];
  }

  /** The view of before while it is the same, so that only what has changed is drawn. */
  private view(at: number, turns: Turn[], last: boolean, feedback: string | null): View {
    const old = this.views[at];
    const kept =
      old?.last === last &&
      old.feedback === feedback &&
      old.turns.length === turns.length &&
      turns.every((turn, i) => turn === old.turns[i]);
    return kept ? old : { turns, last, feedback, at };
  }

  protected override updated(): void {
    const log = this.log;
    if (!log) return;
    this.sizes.observe(log);
    this.sizes.observe(log.firstElementChild!);
    this.drawMore();
  }

  /** Draws what waits, from the end to the start. */
  private drawMore(): void {
    if (!this.waiting || this.asked) return;
    this.asked = true;
    whenIdle(() => {
      this.asked = false;
      this.waiting = Math.max(0, this.waiting - 1);
    });
  }

  /** Goes to the end, if the reader is there: once for all that came before a frame, as its layout is known then. */
  keepDown(): void {
    if (this.following && this.props.autoscroll !== false) this.toEnd();
  }

  private toEnd(): void {
    const log = this.log;
    if (log) log.scrollTop = log.scrollHeight;
  }

  private onScroll = (): void => {
    const { scrollTop, clientHeight, scrollHeight } = this.log!;
    if (scrollHeight - clientHeight - scrollTop < END) this.following = true;
    else if (scrollTop < this.top - 1) this.following = false;
    this.top = scrollTop;
  };

  // -- what the groups ask for --------------------------------------------------------------------------------------

  select(turn: Turn, part: number): void {
    this.emit("select", { index: turn.index, value: partsToldOf(turn)[part] });
  }

  liked(at: number, name: string): void {
    const { turns } = this.views[at];
    const key = `${turns[0].index}`;
    const taken = this.given.get(key) === name;
    if (taken) this.given.set(key, "");
    else this.given.set(key, name);
    this.requestUpdate();
    const liked = taken ? "" : name === "Like" ? true : name === "Dislike" ? false : name;
    const value = typeof turns[0].index === "number" ? turns.flatMap(partsToldOf) : toldOf(turns[0]);
    this.emit("like", { index: turns[0].index, value, liked });
  }

  /** The visitor wants the last message of theirs answered again, or taken back. */
  again(what: "retry" | "undo"): void {
    const turn = this.turns.findLast(({ role }) => role === "user") ?? this.turns[0];
    this.emit(what, { index: turn.index, value: partsToldOf(turn).at(-1) });
  }

  edited(turn: Turn, text: string): void {
    const previous_value = wordsOf(turn);
    const now = this.turns.find(({ index }) => `${index}` === `${turn.index}`);
    if (!now || text === previous_value) return;
    this.act(withText(this.value, turn.index, text), "change", [
      "edit",
      { index: turn.index, value: text, previous_value },
    ]);
  }

  /** A text as it is copied. */
  marked(text: string): string {
    return this.props.watermark ? `${text}\n\n${this.props.watermark}` : text;
  }

  private get everything(): string {
    return this.turns.map((turn) => `${turn.role}: ${wordsOf(turn)}`).join("\n\n");
  }

  private copyAll = async (): Promise<void> => {
    const text = this.everything;
    await copyText(this.marked(text));
    this.emit("copy", { value: text });
    this.copied = true;
    setTimeout(() => (this.copied = false), 1500);
  };

  private share = async (): Promise<void> => {
    const shared = { text: this.marked(this.everything), title: document.title };
    if (!navigator.canShare?.(shared)) return copyText(shared.text);
    await navigator.share(shared).catch(() => undefined);
  };

  private clear = (): void => {
    this.given.clear();
    this.act([], "change", "clear");
  };

  // -- drawing ------------------------------------------------------------------------------------------------------

  private renderStart() {
    const { placeholder, examples } = this.props;
    return html`<div class="start">
      ${placeholder ? html`<gr-chat-text class="prose placeholder" .props=${this.props} .text=${placeholder}></gr-chat-text>` : nothing}
      ${
        examples?.length
          ? html`<div class="examples">
              ${(examples as Example[]).map((example, index) => {
                const mark = fileUrl(example.icon as never);
                return html`<button type="button" class="example" @click=${() => this.choose(index, example)}>
                  ${mark ? html`<img src=${mark} alt="" />` : nothing}
                  <span>${example.display_text ?? example.text ?? ""}</span>
                  ${example.files?.length ? html`<span class="remark">${example.files.length} ${icon("paperclip")}</span>` : nothing}
                </button>`;
              })}
            </div>`
          : nothing
      }
    </div>`;
  }

  private choose(index: number, { text, files }: Example): void {
    this.emit("example_select", { index, value: { text: text ?? "", files: files ?? [] } });
  }

  override render() {
    const { height, max_height, min_height, layout, bubble_full_width, resizable, autoscroll } = this.props;
    const size = { height: length(height), maxHeight: length(max_height), minHeight: length(min_height) };
    const buttons = {
      copy_all: () =>
        this.turns.length
          ? iconButton(
              this.copied ? t("Copied conversation") : t("Copy conversation"),
              this.copied ? icon("check") : icon("copy"),
              this.copyAll,
            )
          : nothing,
      share: () => (this.turns.length ? iconButton(t("Share"), icon("share-2"), this.share) : nothing),
    };
    const clear = this.turns.length ? iconButton(t("Clear"), icon("trash-2"), this.clear) : nothing;
    return html`${this.renderBlockLabel(icon("message-square"))}${this.renderButtons(buttons, clear)}
      <div
        class="bubble-wrap ${layout ?? "bubble"} ${bubble_full_width === false ? "narrow" : ""} ${resizable ? "resizable" : ""} ${height == null && max_height == null ? "free" : ""}"
        role="log"
        aria-label=${t("chatbot conversation")}
        aria-live="polite"
        tabindex="0"
        style=${styleMap(size)}
        @scroll=${this.onScroll}
      >
        <div class="message-wrap">
          ${
            this.views.length
              ? this.stretches.map(
                  (views, at) =>
                    html`<gr-chat-stretch
                      .chat=${this}
                      .props=${this.props}
                      .value=${views}
                      .waits=${at < this.waiting}
                    ></gr-chat-stretch>`,
                )
              : this.renderStart()
          }
        </div>
      </div>
      ${
        !this.following && autoscroll !== false
          ? html`<button
              type="button"
              class="icon-button to-end"
              aria-label=${t("Scroll to bottom")}
              title=${t("Scroll to bottom")}
              @click=${() => {
                this.following = true;
                this.toEnd();
              }}
            >
              ${icon("arrow-down")}
            </button>`
          : nothing
      }`;
  }
}

interface Example {
  icon?: unknown;
  display_text?: string;
  text?: string;
  files?: unknown[];
}

define("gr-chatbot", GrChatbot);
