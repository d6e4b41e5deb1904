/** Label: what something was recognised as, with a bar for each class. See label.py. */
import { GrElement, define, html, icon, nothing, styleMap, t } from "blocks";
import { tn } from "blocks/counting";
import "./label.css";

interface Confidence {
  label: string | number;
  confidence: number;
}
interface LabelValue {
  label?: string | number | null;
  confidences?: Confidence[] | null;
}

/** Classes that are drawn. A page of more would take long to lay out, and nobody reads them. */
const MOST = 500;

const percent = (confidence: number) => `${Math.round(confidence * 100)}%`;

export class GrLabel extends GrElement<LabelValue | null> {
  override defaultLabel = "Label";

  override connectedCallback(): void {
    this.dataset.testid = "label";
    super.connectedCallback();
  }

  private bar({ label, confidence }: Confidence, index: number) {
    const id = `${this.domId}-class-${index}`;
    const share = Math.min(Math.max(confidence, 0), 1);
    return html`<div
        class="bar"
        role="meter"
        aria-labelledby=${id}
        aria-valuemin="0"
        aria-valuemax="100"
        aria-valuenow=${Math.round(share * 100)}
        style=${styleMap({ width: `${share * 100}%` })}
      ></div>
      <dl class="label">
        <dt id=${id} class="text">${label}</dt>
        <dd class="confidence">${percent(confidence)}</dd>
      </dl>`;
  }

  private row(item: Confidence, index: number) {
    const name = `${item.label}-confidence-set`;
    if (!this.props._selectable)
      return html`<div class="confidence-set group" data-testid=${name}>${this.bar(item, index)}</div>`;
    return html`<div
      class="confidence-set group selectable"
      data-testid=${name}
      role="button"
      tabindex="0"
      aria-label="${item.label} ${percent(item.confidence)}"
      @click=${() => this.select(item, index)}
      @keydown=${(event: KeyboardEvent) => {
        if (event.key !== "Enter" && event.key !== " ") return;
        event.preventDefault();
        this.select(item, index);
      }}
    >
      ${this.bar(item, index)}
    </div>`;
  }

  private select({ label }: Confidence, index: number): void {
    this.emit("select", { index, value: label });
  }

  override render() {
    const { label, confidences } = this.value ?? {};
    const { color, show_heading } = this.props;
    const more = (confidences?.length ?? 0) - MOST;
    const mark = html`${this.renderBlockLabel(icon("tag"))}${this.renderButtons()}`;
    if (label === undefined || label === null)
      return html`${mark}
        <div class="empty" role="img" aria-label=${t("Empty value")}>${icon("tag")}</div>`;
    const heading =
      show_heading === false && confidences?.length
        ? nothing
        : html`<h2
            class="output-class ${confidences ? "" : "no-confidence"} ${color ? "tinted" : ""}"
            data-testid="label-output-value"
            style=${styleMap({ backgroundColor: color ?? "", "--label-color": color ?? "" })}
          >
            ${label}
          </h2>`;
    return html`${mark}
      <div class="label-container">
        ${heading}${(confidences ?? []).slice(0, MOST).map((item, i) => this.row(item, i))}
        ${more > 0 ? html`<p class="more-classes">${tn("and {0} more", "and {0} more", more)}</p>` : nothing}
      </div>`;
  }
}

define("gr-label", GrLabel);
