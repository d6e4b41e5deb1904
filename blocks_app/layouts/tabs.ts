import { define, html, icon, nothing, repeat, t, type PropertyValues } from "blocks";
import { GrPage, GrPages } from "blocks/paging";
import "./tabs.css";

/** One page; its button is drawn by the Tabs around it. */
export class GrTabItem extends GrPage {
  override updated(): void {
    this.classList.add("tabitem", "column");
    this.takeRole();
    this.fit();
  }
}

export class GrTabs extends GrPages<GrTabItem> {
  /** Numbers of the tabs that did not fit into the bar. */
  private outside = new Set<number>();
  private readonly sizes = new ResizeObserver(() => this.measure());
  /** The tab that is shown where the address names none. */
  private beginning?: GrTabItem;
  /** Whether it is the address that has changed. */
  private led = false;

  get tabs(): GrTabItem[] {
    return this.pages;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    addEventListener("popstate", this.follow);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    removeEventListener("popstate", this.follow);
    this.sizes.disconnect();
  }

  override willUpdate(changed: PropertyValues): void {
    const named = this.hasUpdated ? undefined : this.addressed();
    if (named) {
      const { selected } = this.props;
      const first = this.tabs.find((tab) => tab.key === selected && tab !== named);
      this.beginning = first ?? this.tabs.find((tab) => tab.offered); // a reload tells the open one
      this.props = { ...this.props, selected: named.key };
    }
    super.willUpdate(changed);
    this.beginning ??= this.current;
  }

  /** The open tab stands in the address: after a visitor's choice as a step that "back" undoes. */
  protected override show(tab: GrTabItem | undefined, cause: "start" | "update" | "visitor"): void {
    const before = this.current;
    super.show(tab, cause);
    if (!tab || tab === before || cause === "start" || this.led || !this.nameHere) return;
    const names = new URLSearchParams(location.hash.includes("tab") ? location.hash.slice(1) : "");
    names.set(this.nameHere, nameOf(tab));
    const address = `${location.pathname}${location.search}#${names}`;
    if (cause === "visitor") history.pushState(history.state, "", address);
    else history.replaceState(history.state, "", address);
  }

  /** What the address calls these tabs: "tab", and with a number where there are several; "" in pages of others. */
  private get nameHere(): string {
    const all = [...(this.closest('gradio-app[embed="false"]')?.querySelectorAll("gr-tabs") ?? [])];
    const at = all.indexOf(this);
    return at < 0 ? "" : at ? `tab${at + 1}` : "tab";
  }

  /** The tab that the address names. */
  private addressed(): GrTabItem | undefined {
    if (!location.hash.includes("tab") || !this.nameHere) return undefined;
    const name = new URLSearchParams(location.hash.slice(1)).get(this.nameHere);
    return this.tabs.find((tab) => tab.offered && nameOf(tab) === name);
  }

  private readonly follow = (): void => {
    this.led = true;
    this.show(this.addressed() ?? this.beginning, "visitor");
    this.led = false;
  };

  override updated(): void {
    const current = this.current;
    this.classList.add("tabs");
    this.body.className = "tab-body";
    this.style.flexGrow = `${current?.props.scale ?? ""}`;
    this.settle();
    const bar = this.querySelector(":scope > .tab-wrapper");
    if (bar && this.menu) this.sizes.observe(bar);
    this.measure();
  }

  private get menu(): boolean {
    return (this.props.overflow_behavior ?? "menu") === "menu";
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
    this.show(tab, "visitor");
    this.button(tab)?.focus();
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
    const shown = this.tabs.filter((tab) => tab.present);
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
      @click=${() => this.show(tab, "visitor")}
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
        aria-label=${chosen ? t("More tabs, {0} is shown", this.current!.label) : t("More tabs")}
        title=${t("More tabs")}
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
    this.show(tab, "visitor");
  }

  /** Places the menu below its button, which the top layer does not know. */
  private readonly place = (event: ToggleEvent): void => {
    const menu = event.target as HTMLElement;
    const { bottom, right } = menu.previousElementSibling!.getBoundingClientRect();
    menu.style.top = `${bottom + 4}px`;
    menu.style.right = `${document.scrollingElement!.clientWidth - right}px`;
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

const nameOf = ({ props, label }: GrTabItem): string => `${props.id ?? label}`;

define("gr-tabitem", GrTabItem);
define("gr-tabs", GrTabs);
