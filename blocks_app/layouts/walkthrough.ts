import { define, html, icon, nothing, repeat, t } from "blocks";
import { GrPage, GrPages } from "blocks/paging";
import "./walkthrough.css";

/** One step; its button is drawn by the Walkthrough around it. */
export class GrWalkthroughStep extends GrPage {
  /** The app may lead to any step that is there. */
  override get offered(): boolean {
    return this.present;
  }

  override updated(): void {
    this.classList.add("step", "column");
    this.takeRole();
  }
}

export class GrWalkthrough extends GrPages<GrWalkthroughStep> {
  override updated(): void {
    this.classList.add("stepper");
    this.body.className = "step-body";
    this.style.flexGrow = `${this.current?.props.scale ?? ""}`;
    this.settle();
  }

  private get steps(): GrWalkthroughStep[] {
    return this.pages.filter((step) => step.present);
  }

  /** Steps that the visitor may show: those that have been gone through, and the one that is shown. */
  private get open(): GrWalkthroughStep[] {
    const steps = this.steps;
    return steps
      .slice(0, steps.indexOf(this.current!) + 1)
      .filter((step) => step.props.interactive !== false || step === this.current);
  }

  private readonly onKey = (event: KeyboardEvent): void => {
    const open = this.open;
    const place = open.indexOf(this.current!);
    const back = getComputedStyle(this).direction === "rtl" ? "ArrowRight" : "ArrowLeft";
    const goals: Record<string, number> = { [back]: place - 1, Home: 0 };
    const step = open[goals[event.key] ?? -1];
    if (!step) return;
    event.preventDefault();
    this.show(step, "visitor");
    this.button(step)?.focus();
  };

  private renderButton(step: GrWalkthroughStep, number: number, place: number): unknown {
    const state = number < place ? "completed" : number === place ? "active" : "pending";
    const label = step.label || t("Step {0}", number + 1);
    return html`<button
      type="button"
      role="tab"
      id=${step.buttonId}
      class="step-button ${state}"
      aria-selected=${step === this.current}
      aria-controls=${step.domId}
      ?disabled=${!this.open.includes(step)}
      tabindex=${step === this.current ? 0 : -1}
      @click=${() => this.show(step, "visitor")}
    >
      <span class="step-number">${state === "completed" ? icon("check") : number + 1}</span>
      <span class="step-label">${label}</span>
      ${state === "completed" ? html`<span class="sr-only">${t("done")}</span>` : nothing}
    </button>`;
  }

  override render(): unknown {
    const steps = this.steps;
    const place = steps.indexOf(this.current!);
    return html`<div class="stepper-wrapper">
      <div class="stepper-container" role="tablist" aria-label=${t("Steps")} @keydown=${this.onKey}>
        ${repeat(
          steps,
          (step) => step.blockId,
          (step, number) => this.renderButton(step, number, place),
        )}
      </div>
    </div>`;
  }
}

define("gr-walkthroughstep", GrWalkthroughStep);
define("gr-walkthrough", GrWalkthrough);
