/** Turns that stand together, with what can be done to them. Drawn again only when one of them changes. */
import {
  GrElement,
  copyText,
  define,
  fileUrl,
  html,
  icon,
  nothing,
  state,
  type TemplateResult,
  t,
} from "blocks";
import { iconButton } from "blocks/corner";
import { embedded } from "blocks/embedded";
import type { GrChatbot } from "./chatbot";
import { wordsOf, type Metadata, type Part, type Turn } from "./turns";

/** What a group shows besides its turns. */
export interface View {
  turns: Turn[];
  /** Whether nothing comes after it. */
  last: boolean;
  /** What the visitor said of it. */
  feedback: string | null;
  /** Number among the groups. */
  at: number;
}

export class GrChatGroup extends GrElement<View> {
  chat!: GrChatbot;
  /** The turn that is being changed, by its index. */
  @state() private editing: string | null = null;
  @state() private copied = false;

  private get side(): "user" | "bot" {
    return this.value.turns[0].role === "user" ? "user" : "bot";
  }

  override render() {
    const { turns } = this.value;
    const within = new Set(turns.map(({ metadata }) => metadata?.id).filter((id) => id != null));
    const top = turns.filter(({ metadata }) => !within.has(metadata?.parent_id ?? ""));
    const { avatar_images, rtl } = this.props;
    const avatar = fileUrl(avatar_images?.[this.side === "user" ? 0 : 1]);
    return html`<div class="message-row ${this.side}-row">
      ${avatar ? html`<div class="avatar-container"><img class="avatar-image" src=${avatar} alt=${this.side === "user" ? t("user avatar") : t("bot avatar")} /></div>` : nothing}
      <div class="message-column" dir=${rtl ? "rtl" : nothing}>
        ${top.map((turn) => (`${turn.index}` === this.editing ? this.renderEditor(turn) : this.renderTurn(turn)))}
        ${this.renderActions()}${this.renderAnswers()}
      </div>
    </div>`;
  }

  private renderTurn(turn: Turn): TemplateResult {
    const selectable = !!this.props._selectable;
    const each = selectable && turn.parts.length > 1; // then each of its parts is chosen by itself
    const whole = selectable && !each;
    const body = turn.parts.map((part, at) =>
      each ? this.renderChoice(turn, part, at) : this.renderPart(part),
    );
    return html`<div
      class="message ${this.side} ${turn.metadata?.title ? "thinks" : ""} ${whole ? "selectable" : ""}"
      data-testid=${this.side}
      role="group"
      aria-label=${this.side === "user" ? t("user's message") : t("bot's message")}
      tabindex=${whole ? "0" : nothing}
      @click=${(event: Event) => whole && this.select(event, turn, 0)}
      @keydown=${(event: KeyboardEvent) => whole && this.selectByKey(event, turn, 0)}
    >
      ${turn.metadata?.title ? this.renderThought(turn, turn.metadata, body) : body}
    </div>`;
  }

  private renderChoice(turn: Turn, part: Part, at: number): TemplateResult {
    return html`<div
      class="selectable"
      role="group"
      aria-label="Part ${at + 1}"
      tabindex="0"
      @click=${(event: Event) => this.select(event, turn, at)}
      @keydown=${(event: KeyboardEvent) => this.selectByKey(event, turn, at)}
    >
      ${this.renderPart(part)}
    </div>`;
  }

  private select(event: Event, turn: Turn, at: number): void {
    if (!(event.target as Element).closest("a, button, summary, audio, video, gr-embedded"))
      this.chat.select(turn, at);
  }

  private selectByKey(event: KeyboardEvent, turn: Turn, at: number): void {
    if (event.target === event.currentTarget && event.key === "Enter") this.chat.select(turn, at);
  }

  private renderThought(
    turn: Turn,
    { title, log, duration, status, id }: Metadata,
    body: unknown,
  ): TemplateResult {
    const inner =
      id == null ? [] : this.value.turns.filter((each) => each !== turn && each.metadata?.parent_id === id);
    return html`<details class="thought" ?open=${status !== "done"}>
      <summary>
        ${status === "pending" ? html`<span class="wheel" role="img" aria-label=${t("Running")}></span>` : nothing}
        <gr-chat-text class="prose thought-title" .props=${this.props} .text=${title ?? ""}></gr-chat-text>
        ${log ? html`<span class="remark">${log}</span>` : nothing}
        ${duration == null ? nothing : html`<span class="remark">(${readable(duration)})</span>`}
      </summary>
      <div class="thought-body">${body}${inner.map((each) => this.renderTurn(each))}</div>
    </details>`;
  }

  private renderPart(part: Part): unknown {
    if (part.type === "text")
      return html`<gr-chat-text class="prose" .props=${this.props} .text=${part.text}></gr-chat-text>`;
    if (part.type === "component")
      return html`<div class="component">${part.element ? embedded(part) : part.component}</div>`;
    const { file, alt_text } = part;
    const address = fileUrl(file) ?? "";
    const name = file.orig_name || file.path.split("/").at(-1)!;
    const kind = (file.mime_type ?? "").split("/")[0];
    const save =
      this.props.allow_file_downloads === false
        ? nothing
        : html`<a
            class="save"
            href=${address}
            download=${name}
            aria-label=${t("Download {0}", name)}
            title=${t("Download {0}", name)}
            >${icon("download")}</a
          >`;
    const shown = () => this.chat.keepDown();
    if (kind === "image")
      return html`<figure class="media">
        <img
          data-testid="chatbot-image"
          src=${address}
          alt=${alt_text ?? name}
          loading="lazy"
          @load=${shown}
        />${save}
      </figure>`;
    if (kind === "audio")
      return html`<figure class="media">
        <audio
          data-testid="chatbot-audio"
          controls
          preload="metadata"
          src=${address}
          aria-label=${alt_text ?? name}
        ></audio
        >${save}
      </figure>`;
    if (kind === "video")
      return html`<figure class="media">
        <video
          data-testid="chatbot-video"
          controls
          preload="metadata"
          src=${address}
          aria-label=${alt_text ?? name}
          @loadedmetadata=${shown}
        ></video
        >${save}
      </figure>`;
    return html`<a
      class="file-link"
      data-testid="chatbot-file"
      href=${address}
      download=${name}
      target="_blank"
      rel="noopener"
    >
      ${icon("file")}<span>${alt_text ?? name}</span>
    </a>`;
  }

  private renderEditor(turn: Turn): TemplateResult {
    const done = (): void => {
      const text = this.querySelector("textarea")!.value;
      this.editing = null;
      this.chat.edited(turn, text);
    };
    return html`<div class="message ${this.side} editor">
      <textarea
        aria-label=${t("Edit message")}
        rows="3"
        .value=${wordsOf(turn)}
        @keydown=${(event: KeyboardEvent) => {
          if (event.key === "Escape") this.editing = null;
          else if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
            event.preventDefault();
            done();
          }
        }}
      ></textarea>
      <div class="actions">
        ${iconButton(t("Submit"), icon("check"), done)}${iconButton(t("Cancel"), icon("x"), () => (this.editing = null))}
      </div>
    </div>`;
  }

  private edit(turn: Turn): void {
    this.editing = `${turn.index}`;
    void this.updateComplete.then(() => this.querySelector("textarea")?.focus());
  }

  private copy = async (): Promise<void> => {
    const text = this.value.turns
      .filter(({ metadata }) => !metadata?.title)
      .map(wordsOf)
      .join("\n");
    await copyText(this.chat.marked(text));
    this.chat.emit("copy", { value: text });
    this.copied = true;
    setTimeout(() => (this.copied = false), 1500);
  };

  private renderActions(): TemplateResult | typeof nothing {
    const { turns, last, at } = this.value;
    const { buttons, likeable, like_user_message, editable, _undoable, _retryable } = this.props;
    const bot = this.side === "bot";
    const text = turns.findLast(
      ({ parts, metadata }) => parts.length === 1 && parts[0].type === "text" && !metadata?.title,
    );
    const shown = [
      (buttons ?? []).includes("copy") && text
        ? iconButton(
            this.copied ? t("Copied message") : t("Copy message"),
            this.copied ? icon("check") : icon("copy"),
            this.copy,
          )
        : nothing,
      likeable && (bot || like_user_message) ? this.renderFeedback(at) : nothing,
      last && bot && _retryable
        ? iconButton(t("Retry"), icon("refresh-cw"), () => this.chat.again("retry"))
        : nothing,
      last && bot && _undoable
        ? iconButton(t("Undo"), icon("undo-2"), () => this.chat.again("undo"))
        : nothing,
      text && (bot ? editable === "all" : editable) && !this.editing
        ? iconButton(t("Edit"), icon("pencil"), () => this.edit(text))
        : nothing,
    ].filter((each) => each !== nothing);
    return shown.length ? html`<div class="actions">${shown}</div>` : nothing;
  }

  private renderFeedback(at: number): TemplateResult {
    const { feedback } = this.value;
    const thumbs = {
      Like: [t("like"), icon("thumbs-up")],
      Dislike: [t("dislike"), icon("thumbs-down")],
    } as const;
    return html`${((this.props.feedback_options ?? []) as string[]).map((name) => {
      const [word, mark] = thumbs[name as keyof typeof thumbs] ?? [name, null];
      const chosen = feedback === name;
      return html`<button
        type="button"
        class="icon-button feedback ${mark ? "" : "words"}"
        aria-label=${chosen ? t("clicked {0}", word) : word}
        title=${word}
        aria-pressed=${chosen}
        @click=${() => this.chat.liked(at, name)}
      >
        ${mark ?? name}
      </button>`;
    })}`;
  }

  private renderAnswers(): TemplateResult | typeof nothing {
    const { turns, last } = this.value;
    const options = last && this.side === "bot" ? turns.at(-1)!.options : null;
    if (!options?.length) return nothing;
    return html`<div class="options">
      ${options.map(
        (option, index) =>
          html`<button
            type="button"
            class="secondary sm option"
            @click=${() => this.chat.emit("option_select", { index, value: option.value })}
          >
            ${option.label ?? option.value}
          </button>`,
      )}
    </div>`;
  }
}

/** `0.3s`, `12.0s`, `2m 5s`. */
function readable(seconds: number): string {
  if (seconds < 60) return `${seconds.toFixed(1)}s`;
  return `${Math.floor(seconds / 60)}m ${Math.round(seconds % 60)}s`;
}

define("gr-chat-group", GrChatGroup);
