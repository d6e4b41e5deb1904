/** Model3D: shows a model in three dimensions, or takes one. See model3d.py. */
import { GrElement, define, dropArea, fileUrl, html, icon, nothing, state, type FileData, t } from "blocks";
import { downloadLink, iconButton } from "blocks/corner";
import type { Scene } from "./scene";
import "./model3d.css";

const TYPES = [".glb", ".gltf", ".obj", ".stl", ".ply", ".splat"];
const NO_WEBGL = t("A still picture: this browser has no WebGL, or it is switched off.");
const KEYS = t(
  "Arrow keys turn the model, with Shift they move it; plus and minus come nearer and go away; Home shows it as at first.",
);

export class GrModel3D extends GrElement<FileData | null> {
  override defaultLabel = "3D Model";
  @state() private trouble = "";
  /** What there is in the model, in words. */
  @state() private contents = "";
  @state() private loading = false;
  /** Whether it is a picture that cannot be turned. */
  @state() private still = false;
  private scene: Scene | null = null;
  private shown: string | null = null;

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.close();
    this.shown = null;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.requestUpdate();
  }

  private close(): void {
    this.scene?.close();
    this.scene = null;
  }

  private get name(): string {
    return this.value?.orig_name ?? this.value?.path.split("/").at(-1) ?? "";
  }

  protected override willUpdate(changed: Map<PropertyKey, unknown>): void {
    if (this.interactive) void dropArea();
    const address = fileUrl(this.value);
    if (address === this.shown) {
      if (!changed.has("props")) return;
      this.scene?.style(this.props);
      if (this.still && address) void this.load(address);
      return;
    }
    this.shown = address;
    this.close();
    Object.assign(this, { trouble: "", contents: "", still: false, loading: !!address });
    if (address) void this.load(address);
  }

  protected override updated(): void {
    const { height } = this.props;
    this.style.setProperty("--model-height", typeof height === "number" ? `${height}px` : (height ?? null));
  }

  private async load(address: string): Promise<void> {
    try {
      const [{ Scene, hasWebGL }, { kindOf }] = await Promise.all([import("./scene"), import("./reading")]);
      const answer = await fetch(address);
      if (!answer.ok) throw new Error(t("The model could not be loaded ({0}).", answer.status));
      const content = await answer.arrayBuffer();
      await this.updateComplete;
      const box = this.querySelector<HTMLElement>(".view");
      if (address !== this.shown || !box || !this.isConnected) return;
      if (!hasWebGL()) return await this.showStill(box, content, kindOf(this.name));
      this.scene = new Scene(box);
      this.contents = await this.scene.show(content, kindOf(this.name), this.props);
    } catch (error) {
      if (address !== this.shown) return;
      this.close();
      const words = error instanceof Error && /^(This|The|Models|Parts) /.test(error.message);
      this.trouble = words ? (error as Error).message : t("This file is no model that can be shown.");
    } finally {
      if (address === this.shown) this.loading = false;
    }
  }

  /** Without WebGL: a picture of it from where it would be looked at first. */
  private async showStill(box: HTMLElement, content: ArrayBuffer, kind: string): Promise<void> {
    const [{ drawStill }, { described, read }] = await Promise.all([import("./still"), import("./reading")]);
    const model = await read(content, kind);
    const canvas = document.createElement("canvas");
    const sharp = Math.min(devicePixelRatio || 1, 2);
    Object.assign(canvas, { width: box.clientWidth * sharp, height: box.clientHeight * sharp });
    drawStill(canvas, model, this.props);
    if (!box.isConnected) return;
    box.replaceChildren(canvas);
    this.still = true;
    this.contents = described(model);
  }

  private onKey = (event: KeyboardEvent): void => {
    if (event.altKey || event.ctrlKey || event.metaKey || !this.scene?.press(event)) return;
    event.preventDefault();
    event.stopPropagation();
  };

  private clear = (): void => {
    this.act(null, "clear", "change");
  };

  private onFiles = (event: CustomEvent<FileData[]>): void => {
    this.act(event.detail[0], "upload", "change");
  };

  private renderArea(filled: boolean) {
    return html`<gr-drop-area
      .types=${TYPES}
      .text=${t("Drop 3D Model Here")}
      .filled=${filled}
      .name=${this.label}
      @files=${this.onFiles}
    ></gr-drop-area>`;
  }

  private renderCorner(address: string) {
    return this.renderButtons({}, [
      this.contents && !this.still
        ? iconButton(t("Reset view"), icon("undo"), () => this.scene?.reset())
        : nothing,
      downloadLink(address, this.name),
      this.interactive ? iconButton(t("Clear"), icon("x"), this.clear) : nothing,
    ]);
  }

  private renderView() {
    const about = this.contents ? `${this.name}: ${this.contents}` : this.name;
    const { still } = this;
    return html`<div
        class="view"
        role=${still ? "img" : "application"}
        tabindex=${still ? nothing : "0"}
        aria-roledescription=${still ? nothing : t("3D model")}
        aria-label="${this.label}, ${about}"
        aria-description=${still ? nothing : KEYS}
        aria-busy=${this.loading}
        data-testid="model3d-view"
        @keydown=${this.onKey}
      ></div>
      <p class="about">${about}</p>
      ${still ? html`<p class="about" role="status">${NO_WEBGL}</p>` : nothing}`;
  }

  private renderBody() {
    const address = fileUrl(this.value);
    if (!address && this.interactive) return [this.renderButtons(), this.renderArea(false)];
    if (!address)
      return [
        this.renderButtons(),
        html`<div class="empty" role="img" aria-label=${t("Empty value")}>${icon("box")}</div>`,
      ];
    const trouble = html`<div class="trouble" role="alert">
      ${icon("box")} <span>${this.trouble}</span> <span>${this.name}</span>
    </div>`;
    return [
      this.renderCorner(address),
      this.trouble ? trouble : this.renderView(),
      this.interactive ? this.renderArea(true) : nothing,
    ];
  }

  override render() {
    return html`${this.renderBlockLabel(icon("box"))}
      <div class="model3d-container" data-testid="model3d">${this.renderBody()}</div>`;
  }
}

define("gr-model3d", GrModel3D);
