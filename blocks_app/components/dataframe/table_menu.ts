/** The menu that is open over a table, if one is. */
import { nothing } from "blocks";
import { toTabs } from "./exchange";
import { filterView, itemsOf, menuView, type OpenMenu } from "./menu";
import type { GridModel } from "./model";
import type { Place } from "./selecting";

/** Room that a menu needs beside the edge of the page. */
const WIDTH = 230;

/** What the menu asks of the element that it belongs to. */
export interface Owner {
  model: GridModel;
  focusGrid(): void;
  requestUpdate(): void;
  querySelector<E extends Element>(selector: string): E | null;
}

export class TableMenu {
  private now: OpenMenu | null = null;

  constructor(private readonly owner: Owner) {}

  open(at: Element | MouseEvent, place: Place): void {
    const { model } = this.owner;
    if (place.row < 0 || !model.selection) model.go(place);
    const box = at instanceof Element ? at.getBoundingClientRect() : { left: at.clientX, bottom: at.clientY };
    const left = Math.max(4, Math.min(box.left, innerWidth - WIDTH));
    this.set({ place, left, top: box.bottom, filtering: false });
  }

  /** Once it is drawn, the menu is laid over everything and gets the focus. */
  show(): void {
    const menu = this.owner.querySelector<HTMLElement>(".grid-menu");
    if (!menu || menu.contains(document.activeElement)) return;
    menu.popover = "manual";
    menu.showPopover?.();
    const { bottom } = menu.getBoundingClientRect();
    if (bottom > innerHeight) menu.style.top = `${Math.max(4, innerHeight - menu.offsetHeight - 4)}px`;
    menu.querySelector<HTMLElement>("[role=menuitem], input, select")?.focus();
  }

  readonly onBlur = (event: FocusEvent): void => {
    const menu = this.owner.querySelector(".grid-menu");
    if (this.now && menu && !menu.contains(event.relatedTarget as Node | null)) this.set(null);
  };

  render(): unknown {
    const { model } = this.owner;
    const menu = this.now;
    if (!menu) return nothing;
    if (menu.filtering) return filterView(model, menu, this.close);
    const filter = (): void => this.set({ ...menu, filtering: true });
    const copy = (): void => void navigator.clipboard?.writeText(toTabs(model.cells(model.area)));
    return menuView(menu, itemsOf(model, menu.place, filter, copy), this.close);
  }

  private set(menu: OpenMenu | null): void {
    this.now = menu;
    this.owner.requestUpdate();
  }

  private readonly close = (run?: () => void): void => {
    this.set(null);
    this.owner.focusGrid();
    run?.();
  };
}
