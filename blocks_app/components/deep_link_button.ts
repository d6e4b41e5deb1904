/** DeepLinkButton: keeps what the page shows and copies a link that opens it so. See deep_link_button.py. */
import { copyText, define, dropArea, html, nothing, page, stringify, t, type GrElement } from "blocks";
import { GrPressable } from "blocks/pressing";
import "./deep_link_button.css";

const COPIED_MS = 1000;
const LEFT_OUT_MS = 4000;

/** What the server answers. */
interface Link {
  id: string;
  /** Names of files that the link does not open for others. */
  dropped: string[];
}

/** What a page shows. */
interface Shown {
  /** In what its visitor may edit, by block; all else the server knows better. */
  values: Record<number, unknown>;
  /** Blocks of the others that show nothing, such as those that a button has cleared. */
  empty: number[];
}

const isEmpty = (value: unknown): boolean =>
  value == null || value === "" || (typeof value === "object" && !Object.keys(value).length);

/** What the page shows, but for passwords and the blocks that are `excluded`. */
export async function shownValues(root: Element, excluded: number[]): Promise<Shown> {
  const values: Record<number, unknown> = {};
  const empty: number[] = [];
  for (const element of root.querySelectorAll<GrElement>("*")) {
    const { blockId, interactive, props, value } = element;
    if (typeof blockId !== "number" || blockId < 0 || value === undefined) continue;
    if (props?.type === "password" || excluded.includes(blockId)) continue;
    if (interactive) values[blockId] = (await element.pendingValue?.()) ?? element.value;
    else if (isEmpty(value)) empty.push(blockId);
  }
  return { values, empty };
}

/** Copies a text that comes later: some browsers let a page do so only while the press of a button is handled. */
export async function copyLater(text: Promise<string>): Promise<void> {
  if (typeof ClipboardItem === "function" && typeof navigator.clipboard?.write === "function") {
    const blob = text.then((said) => new Blob([said], { type: "text/plain" }));
    try {
      return await navigator.clipboard.write([new ClipboardItem({ "text/plain": blob })]);
    } catch {
      // it wants the text itself, or there is none
    }
  }
  await copyText(await text);
}

export class GrDeepLinkButton extends GrPressable<string> {
  static override properties = {
    said: { state: true },
    busy: { state: true },
    address: { state: true },
    dropped: { state: true },
  };
  /** What stands on the button instead of its text. */
  declare said: string | null;
  declare busy: boolean;
  /** A link that the browser did not let us copy. */
  declare address: string | null;
  /** Files about which the visitor is asked. */
  declare dropped: string[];
  #timer?: ReturnType<typeof setTimeout>;

  constructor() {
    super();
    this.said = this.address = null;
    this.busy = false;
    this.dropped = [];
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearTimeout(this.#timer);
  }

  #press = (): void => {
    this.emit("click");
    if (!this.busy) void this.#copy(false);
  };

  async #copy(files: boolean): Promise<void> {
    let address = "";
    let dropped: string[] = [];
    const coming = this.#ask(files).then((link) => {
      dropped = link.dropped;
      return (address = linkTo(link.id));
    });
    this.busy = true;
    try {
      await copyLater(coming);
      if (dropped.length && this.props.share_files) this.#open([], dropped);
      this.#say(
        dropped.length ? `${this.props.copied_value} ${t("Without your files.")}` : this.props.copied_value,
        dropped,
      );
    } catch (error) {
      if (address) this.#open([address], []);
      else void (await dropArea()).reportError(error);
    } finally {
      this.busy = false;
    }
  }

  async #ask(files: boolean): Promise<Link> {
    const shown = await shownValues(document.getElementById("blocks-root")!, this.props.excluded ?? []);
    const { current_page } = window.gradio_config;
    const query = new URLSearchParams({ session_hash: page.session });
    const answer = await fetch(`${page.base}deep_link?${query}`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: stringify({ page: current_page ?? "", ...shown, files, base: linkOf(location.search) }),
    }).catch(() => null);
    if (!answer) throw new Error(t("The link could not be made: the server cannot be reached."));
    const told = (await answer.json().catch(() => ({}))) as Partial<Link> & { detail?: string };
    if (!answer.ok) throw new Error(told.detail ?? t("The link could not be made."));
    return told as Link;
  }

  #say(text: string, dropped: string[]): void {
    clearTimeout(this.#timer);
    this.said = text;
    const live = document.getElementById("blocks-live");
    if (live) live.textContent = text;
    this.#timer = setTimeout(() => (this.said = null), dropped.length ? LEFT_OUT_MS : COPIED_MS);
  }

  #open([address]: string[], dropped: string[]): void {
    this.address = address ?? null;
    this.dropped = dropped;
    void this.updateComplete.then(() => {
      const dialog = this.renderRoot.querySelector("dialog");
      dialog?.showModal();
      dialog?.querySelector("input")?.select();
    });
  }

  #close = (): void => {
    this.renderRoot.querySelector("dialog")?.close();
    this.address = null;
    this.dropped = [];
  };

  #share = (): void => {
    this.#close();
    void this.#copy(true);
  };

  #renderDialog() {
    if (!this.address && !this.dropped.length) return nothing;
    const title = this.address ? t("Copy this link") : t("Share your files, too?");
    const body = this.address
      ? html`<input type="text" readonly aria-label=${t("Link")} .value=${this.address} />`
      : html`<p>${t("The link is copied. It opens the page without these files, which are yours:")}</p>
          <ul>
            ${this.dropped.map((name) => html`<li>${name}</li>`)}
          </ul>
          <p>${t("If you share them, whoever has the link can open them.")}</p>`;
    return html`<dialog class="deep-link-dialog" aria-labelledby="${this.domId}-title" @close=${this.#close}>
      <h2 id="${this.domId}-title">${title}</h2>
      ${body}
      <div class="deep-link-choice">
        ${
          this.address
            ? nothing
            : html`<button type="button" class="sm primary" @click=${this.#share}>
                ${t("Copy a link with files")}
              </button>`
        }
        <button type="button" class="sm secondary" @click=${this.#close}>
          ${this.address ? t("Close") : t("Leave them out")}
        </button>
      </div>
    </dialog>`;
  }

  override render() {
    return html`<button
        id=${this.domId}
        type="button"
        class=${this.classes}
        style=${this.flexStyle}
        ?disabled=${this.off}
        aria-busy=${this.busy ? "true" : nothing}
        @click=${this.#press}
      >
        ${this.renderFace(this.said ?? this.value)}</button
      >${this.#renderDialog()}`;
  }
}

/** The id of the link with which the page was opened; "" for none. */
const linkOf = (search: string): string => new URLSearchParams(search).get("deep_link") ?? "";

/** The address of this page of the app with the link; whoever opens it has colours and settings of their own. */
function linkTo(id: string): string {
  const url = new URL(page.base + (window.gradio_config.current_page ?? ""), location.href);
  url.search = location.search;
  for (const name of ["__theme", "view"]) url.searchParams.delete(name);
  url.searchParams.set("deep_link", id);
  return url.href;
}

define("gr-deeplinkbutton", GrDeepLinkButton);
