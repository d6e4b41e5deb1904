/**
 * Dropdown: one or several of many choices. See dropdown.py.
 *
 * A combobox after the WAI-ARIA authoring practices: the focus stays in the input, `aria-activedescendant` points to
 * the active option, and the list is a native popover in the top layer, placed below (or above) by css anchors.
 */
import { GrElement, define, html, icon, live, nothing, repeat, same, type PropertyValues, t } from "blocks";
import { ChoiceList, type Choice, type Value } from "blocks/choice_list";
import { tn } from "blocks/counting";
import { ListWindow, popUp } from "blocks/list_window";
import { tell } from "blocks/telling";
import "./dropdown.css";

export class GrDropdown extends GrElement<Value | Value[] | null> {
  override defaultLabel = "Dropdown";
  private isOpen = false;
  /** Text that is being typed; null while the chosen value's name is shown. */
  private query: string | null = null;
  /** Index among all choices of the active option, -1 for none. */
  private active = -1;
  /** Whether the active option is to be brought into sight with the next drawing. */
  private follows = false;
  private list = new ChoiceList(null);
  private readonly drawn = new ListWindow();
  /** Whether the page was told of a focus that has not been followed by a blur. Picking ends it, as in Gradio. */
  private engaged = false;

  override connectedCallback(): void {
    if (this.multiple) this.value ??= [];
    super.connectedCallback();
  }

  override receive(value: Value | Value[] | null): void {
    if (!this.isOpen) this.query = null; // what somebody types to search stays
    super.receive(value ?? (this.multiple ? [] : null));
  }

  protected override updated(changed: PropertyValues): void {
    if (changed.has("interactive") && !this.interactive) this.close();
    const list = this.querySelector<HTMLElement>("[popover]");
    if (!list) return;
    if (!list.matches?.(":popover-open")) popUp(list, this.querySelector(".combobox")!);
    if (this.drawn.measure(list, list.querySelectorAll("[role=option]"))) this.requestUpdate();
    if (this.follows) list.querySelector(".active")?.scrollIntoView?.({ block: "nearest" });
    this.follows = false;
  }

  private get multiple(): boolean {
    return !!this.props.multiselect;
  }

  private get control(): HTMLInputElement {
    return this.querySelector("input")!;
  }

  private get choices(): Choice[] {
    if (this.list.source !== this.props.choices) this.list = new ChoiceList(this.props.choices);
    return this.list.all;
  }

  private get chosen(): Value[] {
    return this.value == null ? [] : Array.isArray(this.value) ? this.value : [this.value];
  }

  private get full(): boolean {
    return this.multiple && this.props.max_choices != null && this.chosen.length >= this.props.max_choices;
  }

  /** Indices of the choices that the list shows: those that contain the typed text, up to num_choices_shown. */
  private get found(): number[] {
    return this.choices && this.list.search(this.query ?? "", this.props.num_choices_shown);
  }

  private nameOf(value: Value): string {
    return this.choices && this.list.nameOf(value);
  }

  private indexOf(value: Value | null): number {
    return this.choices && this.list.indexOf(value);
  }

  // -- the list ------------------------------------------------------------------------------------------------------

  private open(): void {
    if (!this.interactive || this.isOpen) return;
    this.engage();
    this.isOpen = true;
    this.activate(this.multiple ? -1 : this.indexOf(this.chosen[0] ?? null));
  }

  private close(): void {
    this.isOpen = false;
    this.active = -1;
    this.requestUpdate();
  }

  private activate(index: number): void {
    this.active = index;
    this.follows = true;
    this.requestUpdate();
  }

  /** One up or down, and round at the ends. */
  private move(by: number): void {
    if (!this.isOpen) return this.open();
    const { found } = this;
    const at = found.indexOf(this.active);
    this.activate(
      found[at < 0 ? (by > 0 ? 0 : found.length - 1) : (at + by + found.length) % found.length] ?? -1,
    );
  }

  /** As many as are in sight, and not beyond the ends. */
  private turn(pages: number): boolean {
    if (!this.isOpen) return false;
    const { found } = this;
    const to = Math.max(0, found.indexOf(this.active)) + pages * this.drawn.page;
    this.activate(found[Math.max(0, Math.min(to, found.length - 1))] ?? -1);
    return true;
  }

  /** To the first or the last, unless the key is for the text that is being typed. */
  private leap(event: KeyboardEvent, at: number): boolean {
    const types = this.props.filterable !== false && (!this.isOpen || this.query != null);
    if (event.shiftKey || (types && !(event.ctrlKey && this.isOpen))) return false;
    this.open();
    this.activate(this.found.at(at) ?? -1);
    return true;
  }

  private onScroll = (event: Event): void => {
    if (this.drawn.scrolled(event.target as HTMLElement)) this.requestUpdate();
  };

  private engage(): void {
    if (!this.interactive) return; // it is only read
    if (!this.engaged) this.emit("focus");
    this.engaged = true;
  }

  private disengage(): void {
    if (this.engaged) this.emit("blur");
    this.engaged = false;
  }

  private pick(index: number): void {
    const value = this.choices[index][1];
    if (this.multiple) return this.toggle(value, index);
    this.commit(value, index);
  }

  /** One choice ends the search: told are the end of the focus, then what was chosen, if it is another. */
  private commit(value: Value | null, index: number): void {
    this.query = null;
    this.close();
    const left: string[] = this.engaged ? ["blur"] : [];
    this.engaged = false;
    if (value === this.value) return this.act(value, ...left);
    if (value === null) return this.act(value, ...left, "change", "input");
    this.act(value, ...left, ["select", { index, value, selected: true }], "input", "change");
  }

  private toggle(value: Value, index: number): void {
    const selected = !this.chosen.includes(value);
    if (selected && this.full) return;
    this.query = null;
    const chosen = selected ? [...this.chosen, value] : this.chosen.filter((other) => other !== value);
    this.act(chosen, ["select", { index, value, selected }], "change", "input");
    if (this.full) this.close();
    this.requestUpdate();
  }

  /** What was typed becomes the value: a choice of that name, or a custom value. */
  private takeTyped(): void {
    const text = this.query?.trim() ?? "";
    const index = this.choices.findIndex(([name]) => name === text);
    if (index >= 0)
      return this.multiple && this.chosen.includes(this.choices[index][1]) ? undefined : this.pick(index);
    if (!this.props.allow_custom_value) return;
    if (this.multiple) {
      if (text && !this.chosen.includes(text)) this.toggle(text, -1);
      return;
    }
    this.commit(text || null, -1);
  }

  private drop(value: Value): void {
    this.toggle(value, this.indexOf(value));
  }

  private onClear = (): void => {
    if (!same(this.value, [])) this.userInput([]);
  };

  private onInput = (): void => {
    this.query = this.control.value;
    this.open();
    const { found } = this;
    this.activate(this.props.allow_custom_value ? -1 : (found[0] ?? -1));
    const many = found.length;
    tell(() => (many ? tn("{0} choice", "{0} choices", many) : t("No choice matches")));
  };

  private onBlur = (): void => {
    if (this.query != null && !this.multiple && this.props.allow_custom_value) this.takeTyped();
    this.query = null;
    this.close();
    this.disengage();
  };

  private readonly keys: Record<string, (event: KeyboardEvent) => boolean | void> = {
    ArrowDown: () => this.move(1),
    ArrowUp: (event) => (event.altKey ? this.close() : this.move(-1)),
    PageDown: () => this.turn(1),
    PageUp: () => this.turn(-1),
    Home: (event) => this.leap(event, 0),
    End: (event) => this.leap(event, -1),
    Enter: () => {
      if (this.isOpen && this.active >= 0) this.pick(this.active);
      else if (this.query != null) this.takeTyped();
      else this.open();
    },
    Escape: () => {
      if (!this.isOpen && this.query == null) return false;
      this.query = null;
      this.close();
    },
    Backspace: () => {
      const last = this.chosen.at(-1);
      if (!this.multiple || this.control.value || last === undefined) return false;
      this.drop(last);
    },
  };

  private onKeydown = (event: KeyboardEvent): void => {
    if (event.isComposing || !this.interactive) return;
    const handler = this.keys[event.key];
    if (handler ? handler(event) !== false : this.jump(event)) event.preventDefault();
  };

  /** Where nothing can be typed, a letter goes to the next choice that begins with it, and space opens. */
  private jump(event: KeyboardEvent): boolean {
    if (this.props.filterable !== false || event.key.length != 1 || event.ctrlKey || event.metaKey)
      return false;
    if (event.key == " ") {
      if (this.isOpen && this.active >= 0) this.pick(this.active);
      else this.open();
      return true;
    }
    this.open();
    this.activate(this.list.next(event.key, this.active, this.found) ?? this.active);
    return true;
  }

  private onKeyup = ({ key }: KeyboardEvent): void => {
    if (this.interactive) this.emit("key_up", { key, input_value: this.control.value });
  };

  // -- drawing -------------------------------------------------------------------------------------------------------

  private renderToken = (value: Value) => {
    const name = this.nameOf(value);
    return html`<span class="token"
      ><span>${name}</span>${
        this.interactive
          ? html`<button
              type="button"
              class="token-remove"
              aria-label=${t("Remove {0}", name)}
              title=${t("Remove {0}", name)}
              @click=${() => this.drop(value)}
            >
              ${icon("x")}
            </button>`
          : nothing
      }</span
    >`;
  };

  private renderList() {
    const { found, drawn } = this;
    if (!found.length)
      return html`<div class="options no-match" popover="manual" style=${this.place}>
        ${t("No choice matches")}
      </div>`;
    const { from, to } = drawn;
    const chosen = new Set(this.chosen);
    return html`<ul
      class="options"
      id="${this.domId}-options"
      role="listbox"
      popover="manual"
      aria-label=${t("Options")}
      aria-multiselectable=${this.multiple ? "true" : nothing}
      style=${this.place}
      @mousedown=${(event: Event) => event.preventDefault()}
      @scroll=${this.onScroll}
    >
      ${drawn.above()}${repeat(
        found.slice(from, to),
        (i) => i,
        (i, at) => this.renderOption(i, chosen, from + at),
      )}${drawn.below()}
    </ul>`;
  }

  private get place(): string {
    return `position-anchor:--dropdown-${this.blockId}`;
  }

  private renderOption(i: number, chosen: Set<Value>, at: number) {
    const [name, value] = this.choices[i];
    const selected = chosen.has(value);
    const { partial } = this.drawn;
    return html`<li
      class="item ${selected ? "selected" : ""} ${i == this.active ? "active" : ""}"
      id="${this.domId}-option-${i}"
      role="option"
      data-testid="dropdown-option"
      data-index=${i}
      aria-label=${name}
      aria-selected=${selected}
      aria-disabled=${this.full && !selected ? "true" : nothing}
      aria-setsize=${partial ? this.found.length : nothing}
      aria-posinset=${partial ? at + 1 : nothing}
      @click=${() => this.pick(i)}
    >
      <span class="check">${selected ? icon("check") : nothing}</span>${name}
    </li>`;
  }

  override render() {
    const { chosen, multiple, interactive, drawn } = this;
    const found = this.isOpen ? this.found : []; // of a closed one nobody asks for its choices
    const open = found.length > 0;
    const active = open ? found.indexOf(this.active) : -1;
    if (open) drawn.update(found.length, found);
    if (this.follows) drawn.reveal(active);
    const shown = this.query ?? (multiple || this.value == null ? "" : this.nameOf(chosen[0]));
    return this.frame(
      html`<div
          class="combobox ${interactive ? "" : "disabled"}"
          style="anchor-name:--dropdown-${this.blockId}"
          @mousedown=${this.onPress}
        >
          ${multiple ? chosen.map(this.renderToken) : nothing}
          <input
            id=${this.inputId}
            class="combobox-input"
            role="combobox"
            autocomplete="off"
            aria-autocomplete=${this.props.filterable === false ? "none" : "list"}
            aria-expanded=${open}
            aria-controls=${open ? `${this.domId}-options` : nothing}
            aria-activedescendant=${active >= drawn.from && active < drawn.to ? `${this.domId}-option-${this.active}` : nothing}
            aria-describedby=${this.describedBy}
            .value=${live(shown)}
            ?readonly=${this.props.filterable === false || !interactive}
            aria-readonly=${interactive ? nothing : "true"}
            @input=${this.onInput}
            @keydown=${this.onKeydown}
            @keyup=${this.onKeyup}
            @focus=${() => this.engage()}
            @blur=${this.onBlur}
          />
          ${
            multiple && interactive && chosen.length
              ? html`<button
                  type="button"
                  class="token-remove remove-all"
                  aria-label=${t("Clear")}
                  title=${t("Clear")}
                  @click=${this.onClear}
                >
                  ${icon("x")}
                </button>`
              : nothing
          }
          <span class="arrow">${icon("chevron-down")}</span>
        </div>
        ${open || (this.isOpen && this.query) ? this.renderList() : nothing}`,
    );
  }

  /** A press anywhere in the field opens it and keeps or takes the focus. */
  private onPress = (event: MouseEvent): void => {
    if ((event.target as Element).closest("button") || !this.interactive) return;
    if (event.target !== this.control) {
      event.preventDefault();
      this.control.focus();
    }
    if (this.isOpen && this.query == null) this.close();
    else this.open();
  };
}

define("gr-dropdown", GrDropdown);
