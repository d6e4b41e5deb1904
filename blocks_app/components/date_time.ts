/** DateTime: a date as text, and from the browser's own calendar. See date_time.py. */
import { GrElement, define, html, icon, type PropertyValues, t } from "blocks";
import "./date_time.css";

const NOW = /^now(\s*-\s*\d{1,9}\s*[dhms])?$/;
const MOMENT = /^(\d{4})-(\d{1,2})-(\d{1,2})(?:[ T](\d{1,2}):(\d{2})(?::(\d{2}))?)?$/;

/** What was written, as the server reads it; null for what is no date of the calendar. */
export function moment(text: string, time: boolean): string | null {
  const plain = text.trim();
  if (NOW.test(plain)) return plain;
  const parts = MOMENT.exec(plain)?.slice(1);
  if (!parts) return null;
  const [year, month, day, hour, minute, second] = parts.map((each) => Number(each ?? 0));
  const read = new Date(Date.UTC(year, month - 1, day, hour, minute, second));
  read.setUTCFullYear(year, month - 1, day); // years before 100 are not of this century
  if (
    read.getUTCMonth() !== month - 1 ||
    read.getUTCDate() !== day ||
    hour > 23 ||
    minute > 59 ||
    second > 59
  )
    return null;
  const two = (value: number) => String(value).padStart(2, "0");
  const date = `${parts[0]}-${two(month)}-${two(day)}`;
  return time ? `${date} ${two(hour)}:${two(minute)}:${two(second)}` : date;
}

export class GrDateTime extends GrElement<string | null> {
  override defaultLabel = "DateTime";

  override connectedCallback(): void {
    this.value ??= null;
    super.connectedCallback();
  }

  private get time(): boolean {
    return this.props.include_time !== false;
  }

  private get field(): HTMLInputElement {
    return this.querySelector(".time")!;
  }

  /** What is half written stays while the visitor is at it. */
  protected override updated(changed: PropertyValues): void {
    const { field, value } = this;
    if (!changed.has("value") || field.dataset.dirty) return;
    field.value = value ?? "";
    this.mark(!!value && moment(value, this.time) === null);
  }

  /** Says that what is written is no date, or takes that back. */
  private mark(wrong: boolean): void {
    this.field.setAttribute("aria-invalid", String(wrong));
    this.querySelector<HTMLElement>(".date-error")!.hidden = !wrong;
  }

  private onType = (): void => {
    this.field.dataset.dirty = "true";
  };

  /** Takes over what is written, if it is a date. */
  private commit(): boolean {
    const { field } = this;
    if (!field.dataset.dirty) return field.getAttribute("aria-invalid") !== "true";
    const text = field.value.trim();
    const value = text && moment(text, this.time);
    this.mark(value === null);
    if (value === null) return false;
    delete field.dataset.dirty;
    field.value = value;
    this.setValue(value || null);
    return true;
  }

  private onKeydown = (event: KeyboardEvent): void => {
    if (event.key !== "Enter" || event.isComposing) return;
    event.preventDefault();
    if (this.commit()) this.emit("submit");
  };

  private openCalendar = (): void => {
    const calendar = this.querySelector<HTMLInputElement>(".calendar")!;
    const shown = moment(this.field.value, true) ?? "";
    calendar.value = NOW.test(shown) ? "" : this.time ? shown.replace(" ", "T") : shown.slice(0, 10);
    calendar.showPicker();
  };

  private onPick = (event: Event): void => {
    const { value } = event.target as HTMLInputElement;
    const picked = value && moment(value, this.time);
    if (picked === null) return;
    delete this.field.dataset.dirty;
    this.field.value = picked;
    this.mark(false);
    this.setValue(picked || null);
    this.emit("submit");
  };

  override render() {
    const hint = this.time ? "YYYY-MM-DD HH:MM:SS" : "YYYY-MM-DD";
    return this.frame(
      html`<div class="timebox">
          <input
            id=${this.inputId}
            class="time"
            type="text"
            spellcheck="false"
            autocomplete="off"
            placeholder=${hint}
            aria-describedby=${this.describedBy}
            aria-errormessage="${this.inputId}-error"
            ?disabled=${!this.interactive}
            @input=${this.onType}
            @keydown=${this.onKeydown}
            @blur=${() => this.commit()}
          />
          <input
            class="calendar"
            type=${this.time ? "datetime-local" : "date"}
            step="1"
            tabindex="-1"
            aria-hidden="true"
            ?disabled=${!this.interactive}
            @change=${this.onPick}
          />
          <button
            type="button"
            class="icon-button"
            aria-label=${t("Open the calendar")}
            title=${t("Open the calendar")}
            ?disabled=${!this.interactive}
            @click=${this.openCalendar}
          >
            ${icon("calendar")}
          </button>
        </div>
        <div class="date-error" id="${this.inputId}-error" role="alert" hidden>
          ${t("Write a date such as {0}, or “now - 1d”.", this.time ? "2030-12-31 23:59:59" : "2030-12-31")}
        </div>`,
    );
  }
}

define("gr-datetime", GrDateTime);
