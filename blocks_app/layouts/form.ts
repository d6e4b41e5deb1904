import { GrContainer, define } from "blocks";
import "./form.css";

export class GrForm extends GrContainer {
  static override flat = true;

  override updated(): void {
    this.classList.add("form");
    // An empty frame would show as a line; it comes back with the first input that is shown again.
    this.classList.toggle(
      "hide",
      this.blocks.every((block) => block.classList.contains("hide")),
    );
  }
}

define("gr-form", GrForm);
