import { GrContainer, define, html, icon, nothing, repeat, type PropertyValues } from "blocks";
import "./tabs.css";

/** One page; the host is the panel. Its button is drawn by the Tabs around it. */
export class GrTabItem extends GrContainer {
  static override flat = true;

  /** How `Tabs(selected=…)` calls this page. */
  get key(): number | string {
    return this.props.id ?? `tab-${this.blockId}`;
  }

  get buttonId(): string {
    return `${this.domId}-button`;
  }

  /** Whether the visitor may choose it. */
  get offered(): boolean {
    return this.props.visible === true && this.props.interactive !== false;
  }

  override updated(): void {
    this.classList.add("tabitem", "column");
    this.setAttribute("role", "tabpanel");
    this.setAttribute("aria-labelledby", this.buttonId);
    this.fit();
  }
}

export class GrTabs extends GrContainer {
  /** Key of the page that is shown; `props.selected` follows it. */
  private selected?: number | string;
  /** Numbers of the tabs that did not fit into the bar. */
  private outside = new Set<number>();
  private readonly sizes = new ResizeObserver(() => this.measure());

  get tabs(): GrTabItem[] {
    return this.blocks as GrTabItem[];
  }

  get current(): GrTabItem | undefined {
    return this.tabs.find((tab) => tab.key === this.selected) ?? this.tabs.find((tab) => tab.offered);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.sizes.disconnect();
  }

  override willUpdate(changed: PropertyValues): void {
    if (!changed.has("props")) return;
    const { selected } = this.props;
    if (selected == null || selected === this.selected) return;
    if (this.hasUpdated) this.show(selected);
    else this.selected = selected;
  }

  override updated(): void {
    const current = this.current;
    this.classList.add("tabs");
    this.body.className = "tab-body";
    this.style.flexGrow = `${current?.props.scale ?? ""}`;
    for (const tab of this.tabs) tab.classList.toggle("hide", tab !== current || tab.props.visible !== true);
    const bar = this.querySelector(":scope > .tab-wrapper");
    if (bar && this.menu) this.sizes.observe(bar);
    this.measure();
  }

  private get menu(): boolean {
    return (this.props.overflow_behavior ?? "menu") === "menu";
  }

  /** Shows a page and tells about it, unless it is the one shown. */
  private show(key: number | string, byVisitor = false): void {
    const before = this.current;
    this.selected = key;
    const tab = this.current;
    // An update to the page that was shown before the visitor left it must count as a change.
    this.props = { ...this.props, selected: key };
    if (!tab || tab === before) return;
    const index = this.tabs.indexOf(tab);
    const data = { value: tab.label, index, id: tab.props.id ?? index, component_id: tab.blockId };
    this.emit("change");
    if (byVisitor) this.emit("select", data);
    tab.emit("select", data);
  }

  private readonly onKey = (event: KeyboardEvent): void => {
    const offered = this.tabs.filter((tab) => tab.offered && !this.outside.has(tab.blockId));
    const place = offered.indexOf(this.current!);
    const right = getComputedStyle(this).direction === "rtl" ? -1 : 1;
    const steps: Record<string, number> = { ArrowRight: place + right, ArrowLeft: place - right };
    const goal = { ...steps, Home: 0, End: offered.length - 1 }[event.key];
    if (goal === undefined || !offered.length) return;
    event.preventDefault();
    const tab = offered[(goal + offered.length) % offered.length]!;
    this.show(tab.key, true);
    this.querySelector<HTMLElement>(`#${CSS.escape(tab.buttonId)}`)?.focus();
  };

  /** Finds the buttons that wrapped to a line below, which the bar hides. */
  private measure(): void {
    if (!this.menu) return;
    const buttons = [...this.querySelectorAll<HTMLElement>(":scope > .tab-wrapper > .tab-nav > [role=tab]")];
    const top = Math.min(...buttons.map((button) => button.offsetTop));
    const below = buttons
      .filter((button) => button.offsetTop > top + 4)
      .map((button) => +button.dataset.tab!);
    if (below.join() === [...this.outside].join()) return;
    this.outside = new Set(below);
    this.requestUpdate();
  }

  override render(): unknown {
    const shown = this.tabs.filter((tab) => tab.props.visible === true);
    const behavior = this.props.overflow_behavior ?? "menu";
    return html`<div class="tab-wrapper ${behavior}">
      <div class="tab-nav" role="tablist" @keydown=${this.onKey}>
        ${repeat(
          shown,
          (tab) => tab.blockId,
          (tab) => this.renderButton(tab),
        )}
      </div>
      ${this.outside.size ? this.renderMenu(shown.filter((tab) => this.outside.has(tab.blockId))) : nothing}
    </div>`;
  }

  private renderButton(tab: GrTabItem): unknown {
    const chosen = tab === this.current;
    const outside = this.outside.has(tab.blockId);
    const side = tab.props.alignment === "right" ? "right" : "";
    return html`<button
      type="button"
      role="tab"
      id=${tab.buttonId}
      data-tab=${tab.blockId}
      class="${chosen ? "selected" : ""} ${outside ? "outside" : ""} ${side}"
      aria-selected=${chosen}
      aria-controls=${tab.domId}
      ?disabled=${tab.props.interactive === false}
      tabindex=${chosen && !outside ? 0 : -1}
      @click=${() => this.show(tab.key, true)}
    >
      ${tab.label}
    </button>`;
  }

  private renderMenu(tabs: GrTabItem[]): unknown {
    const chosen = tabs.includes(this.current!);
    const id = `${this.domId}-more`;
    return html`<div class="tab-more">
      <button
        type="button"
        class=${chosen ? "selected" : ""}
        aria-haspopup="menu"
        aria-label=${chosen ? `More tabs, ${this.current!.label} is shown` : "More tabs"}
        popovertarget=${id}
      >
        ${chosen ? html`<span>${this.current!.label}</span>` : nothing}${icon("ellipsis")}
      </button>
      <div
        id=${id}
        class="tab-menu"
        role="menu"
        popover
        @keydown=${this.onMenuKey}
        @beforetoggle=${this.place}
      >
        ${tabs.map(
          (tab, index) =>
            html`<button
              type="button"
              role="menuitemradio"
              ?autofocus=${index === 0}
              aria-checked=${tab === this.current}
              ?disabled=${tab.props.interactive === false}
              @click=${() => this.pick(tab, id)}
            >
              ${tab.label}
            </button>`,
        )}
      </div>
    </div>`;
  }

  private pick(tab: GrTabItem, menu: string): void {
    this.querySelector<HTMLElement>(`#${CSS.escape(menu)}`)?.hidePopover();
    this.show(tab.key, true);
  }

  /** Places the menu below its button, which the top layer does not know. */
  private readonly place = (event: ToggleEvent): void => {
    const menu = event.target as HTMLElement;
    const { bottom, right } = menu.previousElementSibling!.getBoundingClientRect();
    menu.style.top = `${bottom + 4}px`;
    menu.style.right = `${document.documentElement.clientWidth - right}px`;
  };

  private readonly onMenuKey = (event: KeyboardEvent): void => {
    const items = [...(event.currentTarget as HTMLElement).querySelectorAll<HTMLElement>("button:enabled")];
    const place = items.indexOf(document.activeElement as HTMLElement);
    const goals: Record<string, number> = { ArrowDown: place + 1, ArrowUp: place - 1, Home: 0, End: -1 };
    const goal = goals[event.key];
    if (goal === undefined) return;
    event.preventDefault();
    items.at(goal % items.length)?.focus();
  };
}

define("gr-tabitem", GrTabItem);
define("gr-tabs", GrTabs);
