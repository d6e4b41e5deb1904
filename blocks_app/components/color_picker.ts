/** ColorPicker: a colour from the browser's own palette, or as text. See color_picker.py. */
import { GrElement, define, html, type PropertyValues, t } from "blocks";
import "./color_picker.css";

/** Red, green and blue from 0 to 255, and how much of what lies behind is hidden, from 0 to 1. */
type Channels = [red: number, green: number, blue: number, alpha: number];

/** A number, or its share of `whole` when it ends with a percent sign. */
const share = (text: string, whole: number): number =>
  text.endsWith("%") ? (parseFloat(text) / 100) * whole : parseFloat(text);

/** From hue in degrees, saturation and lightness from 0 to 1. */
function fromHsl(hue: number, saturation: number, lightness: number): number[] {
  const reach = saturation * Math.min(lightness, 1 - lightness);
  return [0, 8, 4].map((place) => {
    const step = (((place + hue / 30) % 12) + 12) % 12;
    return 255 * (lightness - reach * Math.max(-1, Math.min(step - 3, 9 - step, 1)));
  });
}

function toHsl([red, green, blue]: number[]): [number, number, number] {
  const [r, g, b] = [red / 255, green / 255, blue / 255];
  const [most, least] = [Math.max(r, g, b), Math.min(r, g, b)];
  const [lightness, spread] = [(most + least) / 2, most - least];
  if (!spread) return [0, 0, lightness];
  const sector =
    most === r ? ((g - b) / spread + 6) % 6 : most === g ? (b - r) / spread + 2 : (r - g) / spread + 4;
  return [sector * 60, spread / (1 - Math.abs(2 * lightness - 1)), lightness];
}

/** The channels of a css colour, or null for what is none. Names and newer functions are asked of the browser. */
export function parseColor(text: string, ask = true): Channels | null {
  const plain = text.trim().toLowerCase();
  if (/^#([\da-f]{3,4}|[\da-f]{6}|[\da-f]{8})$/.test(plain)) {
    const digits = plain.length < 6 ? plain.slice(1).replace(/./g, "$&$&") : plain.slice(1);
    const [red, green, blue, alpha = 255] = digits.match(/../g)!.map((pair) => parseInt(pair, 16));
    return [red, green, blue, alpha / 255];
  }
  const parts = /^(rgb|hsl)a?\(([^()]+)\)$/.exec(plain);
  const numbers = parts?.[2].split(/[\s,/]+/).filter(Boolean) ?? [];
  if (numbers.length === 3 || numbers.length === 4) {
    const alpha = share(numbers[3] ?? "1", 1);
    const three =
      parts![1] === "rgb"
        ? numbers.slice(0, 3).map((each) => share(each, 255))
        : fromHsl(parseFloat(numbers[0]), parseFloat(numbers[1]) / 100, parseFloat(numbers[2]) / 100);
    if ([...three, alpha].every(Number.isFinite)) return [three[0], three[1], three[2], alpha];
  }
  if (!ask || !globalThis.CSS?.supports?.("color", plain)) return null;
  const drawing = document.createElement("canvas").getContext("2d");
  if (!drawing) return null;
  drawing.fillStyle = plain;
  return parseColor(drawing.fillStyle, false);
}

const hex = (value: number) =>
  Math.min(255, Math.max(0, Math.round(value)))
    .toString(16)
    .padStart(2, "0");

/** `#rrggbb`, which is all that the browser's own field reads. */
export const toHex = (channels: number[]): string => `#${channels.slice(0, 3).map(hex).join("")}`;

/** A picked colour, written as `before` was and with its transparency; as `#rrggbb` after a name or none. */
export function writtenLike(before: string | null, picked: string): string {
  const channels = parseColor(picked);
  const alpha = before ? (parseColor(before)?.[3] ?? 1) : 1;
  if (!channels || !before) return picked;
  const name = /^\s*((?:rgb|hsl)a?)\(/i.exec(before)?.[1].toLowerCase();
  if (!name) return alpha < 1 ? toHex(channels) + hex(alpha * 255) : picked;
  const end = name.endsWith("a") || alpha < 1 ? `, ${Math.round(alpha * 1000) / 1000})` : ")";
  if (name.startsWith("rgb")) return `${name}(${channels.slice(0, 3).map(Math.round).join(", ")}${end}`;
  const [hue, saturation, lightness] = toHsl(channels);
  return `${name}(${Math.round(hue)}, ${Math.round(saturation * 100)}%, ${Math.round(lightness * 100)}%${end}`;
}

export class GrColorPicker extends GrElement<string | null> {
  static override typed = true;
  override defaultLabel = "ColorPicker";

  override connectedCallback(): void {
    this.value ??= null;
    super.connectedCallback();
  }

  private get field(): HTMLInputElement {
    return this.querySelector("input[type=text]")!;
  }

  /** Written here and not in the template: what is half typed is no colour yet, and stays until the field is left. */
  protected override updated(changed: PropertyValues): void {
    const { field, value } = this;
    if (changed.has("value") && field.value.trim() !== (value ?? "")) field.value = value ?? "";
    this.querySelector<HTMLInputElement>("input[type=color]")!.value = this.color;
  }

  /** What the palette shows. */
  private get color(): string {
    const channels = this.value ? parseColor(this.value) : null;
    return channels ? toHex(channels) : "#000000";
  }

  private onPick = (event: Event): void => {
    const { value } = event.target as HTMLInputElement;
    this.userInput(writtenLike(this.value, value));
  };

  private onType = (): void => {
    const text = this.field.value.trim();
    const good = text === "" || parseColor(text) !== null;
    this.field.setAttribute("aria-invalid", String(!good));
    if (good) this.userInput(text || null);
  };

  private onKeydown = (event: KeyboardEvent): void => {
    if (event.key !== "Enter" || event.isComposing) return;
    event.preventDefault();
    this.emit("submit");
  };

  private onLeaveText = (): void => {
    this.field.value = this.value ?? "";
    this.field.removeAttribute("aria-invalid");
    this.emit("blur");
  };

  override render() {
    return this.frame(
      html`<div class="color-fields">
        <input
          id=${this.inputId}
          type="color"
          aria-describedby=${this.describedBy}
          ?disabled=${!this.interactive}
          @input=${this.onPick}
          @change=${() => this.emit("release", this.value)}
          @focus=${() => this.emit("focus")}
          @blur=${() => this.emit("blur")}
        />
        <input
          type="text"
          aria-label=${t("As hex, rgb or hsl")}
          aria-describedby=${this.labelId}
          placeholder="#000000"
          spellcheck="false"
          autocomplete="off"
          ?disabled=${!this.interactive}
          @input=${this.onType}
          @keydown=${this.onKeydown}
          @focus=${() => this.emit("focus")}
          @blur=${this.onLeaveText}
        />
      </div>`,
    );
  }
}

define("gr-colorpicker", GrColorPicker);
