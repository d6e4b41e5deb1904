/** Navbar: changes the links between the pages that the server has drawn. See navbar.py. */
import { GrElement, define, nothing, page, type PropertyValues, t } from "blocks";
import "./navbar.css";

interface Pages {
  /** Path, name, and whether it is among the links. */
  pages: [string, string, boolean][];
  current_page: string;
}

export class GrNavbar extends GrElement<[string, string][] | null> {
  static override hostless = true;

  override updated(changed: PropertyValues): void {
    // what the server has drawn is right until something changes
    if (changed.get("props") !== undefined || changed.get("value") !== undefined) this.draw();
  }

  private draw(): void {
    const { pages, current_page } = window.gradio_config as unknown as Pages;
    const { main_page_name: main = t("Home"), visible = true } = this.props;
    const links = pages
      .filter(([path, , shown]) => shown && (path || main !== false))
      .map(([path, name]) => link(path ? name : main, page.base + path, path === current_page));
    for (const [name, address] of this.value ?? []) {
      const outside = /^https?:/.test(address);
      links.push(link(name, outside ? address : page.base + address.replace(/^\/+/, ""), false, outside));
    }
    const bar = document.querySelector(".nav-holder") ?? made();
    bar.replaceChildren(...links);
    bar.classList.toggle("hide", visible !== true);
  }

  override render() {
    return nothing;
  }
}

function link(name: string, href: string, current: boolean, outside = false): HTMLAnchorElement {
  const anchor = Object.assign(document.createElement("a"), { href, textContent: name });
  if (current) {
    anchor.className = "active";
    anchor.ariaCurrent = "page";
  }
  if (outside) Object.assign(anchor, { target: "_blank", rel: "noopener noreferrer" });
  return anchor;
}

/** The bar where the server had nothing to draw. */
function made(): HTMLElement {
  const bar = document.createElement("nav");
  bar.className = "nav-holder";
  bar.ariaLabel = t("Pages");
  document.querySelector(".gradio-container")!.prepend(bar);
  return bar;
}

define("gr-navbar", GrNavbar);
