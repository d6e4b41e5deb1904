import { GrContainer, define } from "blocks";
import "./row.css";

export class GrRow extends GrContainer {
  static override flat = true;

  override updated(): void {
    const { variant, equal_height, stretch_buttons } = this.props;
    this.classList.add("row");
    this.classList.toggle("panel", variant === "panel");
    this.classList.toggle("compact", variant === "compact");
    this.classList.toggle("unequal-height", equal_height === false);
    this.classList.toggle("stretch", stretch_buttons === true);
    this.fit();
  }
}

define("gr-row", GrRow);
