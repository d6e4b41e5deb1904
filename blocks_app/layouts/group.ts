import { GrContainer, define } from "blocks";
import "./group.css";

export class GrGroup extends GrContainer {
  static override flat = true;

  override updated(): void {
    this.classList.add("gr-group");
  }
}

define("gr-group", GrGroup);
