/** Copying to the clipboard: the button that many components have in their corner. */
import { html, type ReactiveController, type ReactiveControllerHost, type TemplateResult } from "lit";
import { icon } from "./icon";
import { t } from "./words";

const TELL_MS = 100;

/** Puts text on the clipboard, also where the page came by plain http and has no clipboard of its own. */
export async function copyText(text: string): Promise<void> {
  if (navigator.clipboard) await navigator.clipboard.writeText(text);
  else copyBySelection(text);
  tell();
}

function copyBySelection(text: string): void {
  const carrier = Object.assign(document.createElement("textarea"), { value: text, className: "sr-only" });
  document.body.append(carrier);
  carrier.select();
  document.execCommand("copy");
  carrier.remove();
}

/** Tells who does not see it, also for the second time; who copied may have more to say. */
function tell(): void {
  const region = document.getElementById("blocks-live");
  if (!region) return;
  region.textContent = "";
  setTimeout(() => (region.textContent ||= t("Copied")), TELL_MS);
}

/** A copy button for an element: `copy = new CopyButton(this, () => this.value)`, then `${this.copy.render()}`. */
export class CopyButton implements ReactiveController {
  #copied = false;
  #timer?: ReturnType<typeof setTimeout>;

  /** `text` is asked for when it is pressed; `done` is told what was copied. */
  constructor(
    private readonly host: ReactiveControllerHost,
    private readonly text: () => string,
    private readonly done?: (text: string) => void,
  ) {
    host.addController(this);
  }

  hostDisconnected(): void {
    clearTimeout(this.#timer);
  }

  #press = async (): Promise<void> => {
    const text = this.text();
    await copyText(text);
    this.done?.(text);
    this.#show(true);
    this.#timer = setTimeout(() => this.#show(false), 1500);
  };

  #show(copied: boolean): void {
    clearTimeout(this.#timer);
    this.#copied = copied;
    this.host.requestUpdate();
  }

  render(): TemplateResult {
    const name = t(this.#copied ? /* t */ "Copied" : /* t */ "Copy");
    return html`<button
      type="button"
      class="icon-button copy-button"
      aria-label=${name}
      title=${name}
      @click=${this.#press}
    >
      ${this.#copied ? icon("check") : icon("copy")}
    </button>`;
  }
}
