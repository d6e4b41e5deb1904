/** GrElement: the base of every component. The contract is written down in blocks.ts. */
import {
  LitElement,
  html,
  nothing,
  type PropertyDeclarations,
  type PropertyValues,
  type TemplateResult,
} from "lit";
import { icon } from "./icon";
import { stringify } from "./numbers";
import { t } from "./words";

/** Constructor options as they come in the config, by their Python names. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any
export type Props = Record<string, any>;

/** Detail of `gr-event`. */
export interface BlockEvent {
  name: string;
  data?: unknown;
}

/** Detail of `gr-free`: the page answers by `free`. */
export interface Asked {
  name: string;
  free?: Promise<void>;
}

/** From so many characters on a text is long. */
const LONG = 20_000;

/**
 * True when two wire values (JSON) are equal. What stands in both, as most of a list does of which a part has come new,
 * is not looked at.
 */
export function same(a: unknown, b: unknown): boolean {
  if (a === b || Object.is(a, b)) return true;
  if (typeof a !== "object" || typeof b !== "object" || !a || !b) return false;
  if (Array.isArray(a) && Array.isArray(b))
    return a.length === b.length && a.every((each, at) => same(each, b[at]));
  return stringify(a) === stringify(b);
}

/** Registers a custom element; a second module with the same tag is ignored. */
export function define(tag: string, element: CustomElementConstructor): void {
  if (!customElements.get(tag)) customElements.define(tag, element);
}

export class GrElement<T = any> extends LitElement {
  /** True when the element draws its own outer node and its host has `display: contents`. */
  static hostless = false;
  /** Whether the host is a block with a frame (class `block`); layouts are none. */
  static framed = true;
  /** Whether its value is what the visitor types, letter by letter: answers do not take away what was typed since. */
  static typed = false;

  /** A list instead of decorators, whose helper would be one more file to load. */
  static override properties: PropertyDeclarations = {
    props: { attribute: false },
    value: { attribute: false },
    interactive: { attribute: false },
  };

  /** Options from Python. */
  props: Props = {};
  /** The wire value. */
  value!: T;
  /** Whether the user may edit. */
  interactive = true;
  /** Number of the block in the config. */
  blockId = -1;
  /** The app's own buttons for the corner, by the number of their block; the page puts them here. */
  tools = new Map<number, HTMLElement>();
  /** Label when Python gave none. */
  defaultLabel = "";
  /** An element may have it: a promise of the value where it is still on its way, null where it is there. */
  pendingValue?(): Promise<unknown> | null;
  /** An element may have it: those of its options that change on the page, as they are now. */
  optionsNow?(): Props;

  get label(): string {
    return this.props.label ?? t(this.defaultLabel);
  }

  get showLabel(): boolean {
    return this.props.show_label !== false && this.props.container !== false && this.label !== "";
  }

  get domId(): string {
    return this.props.elem_id || `component-${this.blockId}`;
  }

  get inputId(): string {
    return `${this.domId}-input`;
  }

  get labelId(): string {
    return `${this.domId}-label`;
  }

  get infoId(): string {
    return `${this.domId}-info`;
  }

  /** Value for `aria-describedby`: the info's id, or nothing to leave the attribute out. */
  get describedBy(): string | typeof nothing {
    return this.props.info ? this.infoId : nothing;
  }

  /** The user's own classes, for hostless elements. */
  get elemClasses(): string {
    return [this.props.elem_classes ?? []].flat().join(" ");
  }

  /** scale and min_width as a style text, for hostless elements. */
  get flexStyle(): string {
    const { scale, min_width } = this.props;
    return (
      (scale == null ? "" : `flex-grow:${scale};`) +
      (min_width == null ? "" : `min-width:min(${min_width}px,100%);`)
    );
  }

  /** Tells the page that `name` happened, with `data` as the event data. */
  emit(name: string, data?: unknown): void {
    this.dispatchEvent(new CustomEvent<BlockEvent>("gr-event", { bubbles: true, detail: { name, data } }));
  }

  /**
   * The visitor did something after which the value is `value`: it is set, then told by these events in their order,
   * "change" only if it differs. Whoever listens gets the value as it is after the action, whatever the events are.
   */
  act(value: T, ...events: (string | [name: string, data: unknown])[]): void {
    const changed = !same(value, this.value);
    this.value = value;
    for (const [name, data] of events.map((event) => [event].flat() as [string, unknown?]))
      if (changed || name !== "change") this.emit(name, data);
  }

  /**
   * Comes true when nothing that listens to this event of its own runs any more. Who tells a stream of pieces waits for
   * it before the next one, which then holds all that has come since: none is lost, and none waits in a queue.
   */
  async free(name: string): Promise<void> {
    const detail: Asked = { name };
    this.dispatchEvent(new CustomEvent("gr-free", { bubbles: true, detail }));
    await detail.free;
  }

  /** The user edited the value. */
  userInput(value: T): void {
    this.act(value, "change", "input");
  }

  /** Sets the value from this page's side and tells about the change. */
  setValue(value: T): void {
    this.act(value, "change");
  }

  /** A value from the server. Emits "change" after the redraw, so that all outputs of one message are in place. */
  receive(value: T): void {
    const changed = !same(value, this.value);
    this.value = value;
    if (changed) void this.updateComplete.then(() => this.emit("change"));
  }

  /** Light DOM; the comment bounds what Lit owns, so that the page may append a status slot after it. */
  /** Marks a long text before it is drawn; see `data-long` in base.css. */
  protected override willUpdate(_changed: PropertyValues): void {
    this.toggleAttribute("data-long", typeof this.value == "string" && this.value.length > LONG);
  }

  protected override createRenderRoot(): HTMLElement {
    this.renderOptions.renderBefore = this.appendChild(document.createComment(""));
    return this;
  }

  renderLabel(forId?: string): TemplateResult | typeof nothing {
    if (!this.label) return nothing;
    const hidden = this.showLabel ? "" : "sr-only";
    if (!forId)
      return html`<span class="block-title ${hidden}" id=${this.labelId} data-testid="block-info"
        >${this.label}</span
      >`;
    return html`<label class=${hidden} for=${forId}
      ><span class="block-title" id=${this.labelId} data-testid="block-info">${this.label}</span></label
    >`;
  }

  renderBlockLabel(mark?: TemplateResult): TemplateResult | typeof nothing {
    if (!this.label) return nothing;
    return html`<label
      class="block-label ${this.showLabel ? "" : "sr-only"}"
      id=${this.labelId}
      data-testid="block-label"
      ><span>${mark ?? icon("file")}</span>${this.label}</label
    >`;
  }

  renderInfo(): TemplateResult | typeof nothing {
    if (!this.props.info || this.props.container === false) return nothing;
    return html`<div class="block-info" id=${this.infoId}>${this.props.info}</div>`;
  }

  /** The corner: what `buttons` names of `own`, and the app's own buttons, in Python's order; then `more`. */
  renderButtons(
    own: Record<string, () => unknown> = {},
    more: unknown = nothing,
  ): TemplateResult | typeof nothing {
    const chosen = (this.props.buttons ?? []) as (string | { id: number })[];
    const shown = chosen.map((each) => (typeof each === "string" ? own[each]?.() : this.tools.get(each.id)));
    const all = [...shown, more].filter((each) => each && each !== nothing);
    return all.length ? html`<div class="icon-buttons">${all}</div>` : nothing;
  }

  frame(body: unknown, forId: string | undefined = this.inputId): TemplateResult {
    return html`${this.renderButtons()}${this.renderLabel(forId)}${this.renderInfo()}${body}`;
  }

  wrap(body: unknown): TemplateResult {
    return html`${body}`;
  }
}
