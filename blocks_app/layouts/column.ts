import { GrContainer, define } from "blocks";
import "./column.css";

export class GrColumn extends GrContainer {
  static override flat = true;

  override updated(): void {
    const { variant } = this.props;
    this.classList.add("column");
    this.classList.toggle("panel", variant === "panel");
    this.classList.toggle("compact", variant === "compact");
  }
}

define("gr-column", GrColumn);
