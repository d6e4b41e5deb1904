/** BrowserState: an encrypted value in the browser's local storage. See browser_state.py. */
import { GrElement, define, nothing, page } from "blocks";

export class GrBrowserState extends GrElement<string | null> {
  static override hostless = true;

  private get key(): string {
    return this.props.storage_key ?? `blocks:${page.base}:state:${this.blockId}`;
  }

  override connectedCallback(): void {
    if (!this.hasUpdated) this.value = this.stored() ?? this.value;
    super.connectedCallback();
    addEventListener("storage", this.onStorage);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    removeEventListener("storage", this.onStorage);
  }

  /** Another tab has changed it. */
  private onStorage = ({ key, newValue }: StorageEvent): void => {
    if (key === this.key && newValue !== null) super.receive(newValue);
  };

  override receive(value: string | null): void {
    try {
      if (value === null) localStorage.removeItem(this.key);
      else localStorage.setItem(this.key, value);
    } catch {
      // storage is forbidden or full: the value lives as long as the page
    }
    super.receive(value);
  }

  private stored(): string | null {
    try {
      return localStorage.getItem(this.key);
    } catch {
      return null;
    }
  }

  override render() {
    return nothing;
  }
}

define("gr-browserstate", GrBrowserState);
