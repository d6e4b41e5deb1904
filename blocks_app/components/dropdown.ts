/**
 * Dropdown: one or several of many choices. See dropdown.py.
 *
 * A combobox after the WAI-ARIA authoring practices: the focus stays in the input, `aria-activedescendant` points to
 * the active option, and the list is a native popover in the top layer, placed below (or above) by css anchors.
 */
import { GrElement, define, html, icon, live, nothing, same, type PropertyValues, t } from "blocks";
import "./dropdown.css";

type Value = string | number;
type Choice = [name: string, value: Value];

export class GrDropdown extends GrElement<Value | Value[] | null> {
  override defaultLabel = "Dropdown";
  private isOpen = false;
  /** Text that is being typed; null while the chosen value's name is shown. */
  private query: string | null = null;
  /** Index among all choices of the active option, -1 for none. */
  private active = -1;
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
    if (list && !list.matches?.(":popover-open")) this.show(list);
    list?.querySelector(".active")?.scrollIntoView?.({ block: "nearest" });
  }

  private get multiple(): boolean {
    return !!this.props.multiselect;
  }

  private get control(): HTMLInputElement {
    return this.querySelector("input")!;
  }

  private get choices(): Choice[] {
    return (this.props.choices ?? []).map((choice: unknown) =>
      Array.isArray(choice) ? choice : [String(choice), choice],
    );
  }

  private get chosen(): Value[] {
    return this.value == null ? [] : Array.isArray(this.value) ? this.value : [this.value];
  }

  private get full(): boolean {
    return this.multiple && this.props.max_choices != null && this.chosen.length >= this.props.max_choices;
  }

  /** Indices of the choices that the list shows: those that contain the typed text, up to num_choices_shown. */
  private get found(): number[] {
    const text = (this.query ?? "").toLowerCase();
    const all = [...this.choices.keys()].filter((i) => this.choices[i][0].toLowerCase().includes(text));
    return all.slice(0, this.props.num_choices_shown ?? all.length);
  }

  private nameOf(value: Value): string {
    return this.choices.find((choice) => choice[1] === value)?.[0] ?? String(value);
  }

  // -- the list ------------------------------------------------------------------------------------------------------

  /** Browsers without css anchors get the place once, in pixels. */
  private show(list: HTMLElement): void {
    if (!globalThis.CSS?.supports?.("anchor-name", "--a")) {
      const { left, bottom, width } = this.querySelector(".combobox")!.getBoundingClientRect();
      Object.assign(list.style, { left: `${left}px`, top: `${bottom}px`, width: `${width}px` });
    }
    list.showPopover?.();
  }

  private open(): void {
    if (!this.interactive || this.isOpen) return;
    this.engage();
    this.isOpen = true;
    this.active = this.multiple ? -1 : this.choices.findIndex(([, value]) => value === this.value);
    this.requestUpdate();
  }

  private close(): void {
    this.isOpen = false;
    this.active = -1;
    this.requestUpdate();
  }

  private move(by: number): void {
    if (!this.isOpen) return this.open();
    const { found } = this;
    const at = found.indexOf(this.active);
    this.active =
      found[at < 0 ? (by > 0 ? 0 : found.length - 1) : (at + by + found.length) % found.length] ?? -1;
    this.requestUpdate();
  }

  // -- focus, as the page hears it -----------------------------------------------------------------------------------

  private engage(): void {
    if (!this.engaged) this.emit("focus");
    this.engaged = true;
  }

  private disengage(): void {
    if (this.engaged) this.emit("blur");
    this.engaged = false;
  }

  // -- choosing ------------------------------------------------------------------------------------------------------

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
    this.toggle(
      value,
      this.choices.findIndex((choice) => choice[1] === value),
    );
  }

  private onClear = (): void => {
    if (!same(this.value, [])) this.userInput([]);
  };

  // -- the input -----------------------------------------------------------------------------------------------------

  private onInput = (): void => {
    this.query = this.control.value;
    this.open();
    this.active = this.props.allow_custom_value ? -1 : (this.found[0] ?? -1);
    this.requestUpdate();
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
    if (event.isComposing) return;
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
    const { found, choices } = this;
    const after = [...found.filter((i) => i > this.active), ...found];
    this.active =
      after.find((i) => choices[i][0].toLowerCase().startsWith(event.key.toLowerCase())) ?? this.active;
    this.requestUpdate();
    return true;
  }

  private onKeyup = (event: KeyboardEvent): void =>
    this.emit("key_up", { key: event.key, input_value: this.control.value });

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
              @click=${() => this.drop(value)}
            >
              ${icon("x")}
            </button>`
          : nothing
      }</span
    >`;
  };

  private renderList() {
    const { choices, chosen, found, full } = this;
    return html`<ul
      class="options"
      id="${this.domId}-options"
      role="listbox"
      popover="manual"
      aria-label=${t("Options")}
      aria-multiselectable=${this.multiple ? "true" : nothing}
      style="position-anchor:--dropdown-${this.blockId}"
      @mousedown=${(event: Event) => event.preventDefault()}
    >
      ${found.map((i) => {
        const [name, value] = choices[i];
        const selected = chosen.includes(value);
        return html`<li
          class="item ${selected ? "selected" : ""} ${i == this.active ? "active" : ""}"
          id="${this.domId}-option-${i}"
          role="option"
          data-testid="dropdown-option"
          data-index=${i}
          aria-label=${name}
          aria-selected=${selected}
          aria-disabled=${full && !selected ? "true" : nothing}
          @click=${() => this.pick(i)}
        >
          <span class="check">${selected ? icon("check") : nothing}</span>${name}
        </li>`;
      })}
    </ul>`;
  }

  override render() {
    const { chosen, multiple, interactive } = this;
    const open = this.isOpen && this.found.length > 0;
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
            aria-activedescendant=${open && this.active >= 0 ? `${this.domId}-option-${this.active}` : nothing}
            aria-describedby=${this.describedBy}
            .value=${live(shown)}
            ?readonly=${this.props.filterable === false}
            ?disabled=${!interactive}
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
                  @click=${this.onClear}
                >
                  ${icon("x")}
                </button>`
              : nothing
          }
          <span class="arrow">${icon("chevron-down")}</span>
        </div>
        ${open ? this.renderList() : nothing}`,
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
