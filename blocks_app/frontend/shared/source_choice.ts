/** The buttons below a component that choose where its value comes from: `import { sourceChoice } from "blocks/source_choice"`. */
import { html, icon, nothing, t } from "blocks";
import "./source_choice.css";

/** What a screen reader says of a source, and its mark. */
export type Face = [name: string, mark: ReturnType<typeof icon>];

/** One button for each source, none where there is no choice. `chosen` is pressed; one that is not `lasting` never is. */
export function sourceChoice<S extends string>(
  sources: S[],
  faces: Record<S, Face>,
  chosen: S,
  choose: (source: S) => void,
  lasting: (source: S) => boolean = () => true,
) {
  if (sources.length < 2) return nothing;
  return html`<div
    class="source-selection"
    role="group"
    aria-label=${t("Source")}
    data-testid="source-select"
  >
    ${sources.map(
      (source) =>
        html`<button
          type="button"
          class="icon-button ${source === chosen ? "selected" : ""}"
          aria-label=${faces[source][0]}
          title=${faces[source][0]}
          aria-pressed=${lasting(source) ? source === chosen : nothing}
          @click=${() => choose(source)}
        >
          ${faces[source][1]}
        </button>`,
    )}
  </div>`;
}
