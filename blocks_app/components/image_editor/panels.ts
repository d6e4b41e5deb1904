/** The rows below the picture: tools, what the chosen tool can do, and the layers. */
import { html, icon, nothing, type Props, type TemplateResult, t } from "blocks";
import { iconButton } from "blocks/corner";
import { ratioOf, typed } from "./cropping";
import type { Area, Layer, Picture } from "./picture";

export type Tool = "draw" | "erase" | "crop" | "resize" | "move";
export type Source = "upload" | "webcam" | "clipboard";

/** A colour and how opaque it is. */
export interface Paint {
  color: string;
  opacity: number;
}

/** What the panels show of the editor, and ask of it. */
export interface Desk {
  readonly props: Props;
  readonly picture: Picture;
  readonly tool: Tool | null;
  readonly source: Source | null;
  readonly showsLayers: boolean;
  readonly sizes: { draw: number; erase: number };
  readonly paint: Paint;
  readonly palette: Paint[];
  readonly area: Area | null;
  readonly fits: boolean;
  use(tool: Tool | null): void;
  take(source: Source): void;
  resize(tool: "draw" | "erase", size: number): void;
  dip(paint: Paint): void;
  setArea(area: Area): void;
  cut(): void;
  scale(width: number, height: number): void;
  toggleLayers(): void;
  change(what: () => void, spoken?: string): void;
  zoom(by: number | "fit"): void;
  undo(): void;
  redo(): void;
  wipe(): void;
  apply(): void;
}

const SOURCES: Record<Source, [name: string, mark: TemplateResult]> = {
  upload: [t("Upload file"), icon("upload")],
  webcam: [t("Capture from camera"), icon("camera")],
  clipboard: [t("Paste from clipboard"), icon("clipboard-paste")],
};

const TOOLS: Record<Tool, [name: string, mark: TemplateResult]> = {
  crop: [t("Crop"), icon("crop")],
  resize: [t("Resize"), icon("scaling")],
  draw: [t("Draw button"), icon("brush")],
  erase: [t("Erase button"), icon("eraser")],
  move: [t("Move the view"), icon("hand")],
};

/** The tools that this editor has, in their order. */
export function toolsOf(props: Props): Tool[] {
  const transforms: string[] = props.transforms ?? [];
  const tools: Tool[] = transforms.includes("crop") ? ["crop"] : [];
  if (transforms.includes("resize") && !props.fixed_canvas) tools.push("resize");
  if (props.brush !== false) tools.push("draw");
  if (props.brush !== false && props.eraser !== false) tools.push("erase");
  return [...tools, "move"];
}

function pressed(name: string, mark: TemplateResult, on: boolean, press: () => void): TemplateResult {
  return html`<button
    type="button"
    class="icon-button ${on ? "selected" : ""}"
    aria-label=${name}
    title=${name}
    aria-pressed=${on}
    @click=${press}
  >
    ${mark}
  </button>`;
}

function able(name: string, mark: TemplateResult, can: boolean, press: () => void): TemplateResult {
  return html`<button
    type="button"
    class="icon-button"
    aria-label=${name}
    title=${name}
    ?disabled=${!can}
    @click=${press}
  >
    ${mark}
  </button>`;
}

export function renderTools(desk: Desk): TemplateResult {
  const { props, tool, source, picture } = desk;
  const { history, state } = picture;
  const sources: Source[] = props.sources ?? [];
  return html`<div class="tools" role="group" aria-label=${t("Tools")}>
    ${
      sources.length
        ? html`<span class="part" role="group" aria-label=${t("Source")} data-testid="source-select">
            ${sources.map((each) => {
              const [name, mark] = SOURCES[each];
              return each === "webcam"
                ? pressed(name, mark, source === each, () => desk.take(each))
                : iconButton(name, mark, () => desk.take(each));
            })}
          </span>`
        : nothing
    }
    <span class="part">
      ${toolsOf(props).map((each) => pressed(...TOOLS[each], tool === each, () => desk.use(tool === each ? null : each)))}
    </span>
    <span class="part">
      ${able(t("Undo"), icon("undo-2"), history.canUndo, () => desk.undo())}
      ${able(t("Redo"), icon("redo-2"), history.canRedo, () => desk.redo())}
      ${able(t("Clear canvas"), icon("trash-2"), state.touched, () => desk.wipe())}
    </span>
    <span class="part">
      ${iconButton(t("Zoom out"), icon("zoom-out"), () => desk.zoom(1 / 1.5))}
      ${iconButton(t("Zoom in"), icon("zoom-in"), () => desk.zoom(1.5))}
      ${able(t("Show all of it"), icon("scan"), !desk.fits, () => desk.zoom("fit"))}
    </span>
    <span class="part">
      ${props.layers?.disabled ? nothing : pressed(t("Show Layers"), icon("layers"), desk.showsLayers, () => desk.toggleLayers())}
      ${iconButton(t("Save changes"), icon("check"), () => desk.apply())}
    </span>
  </div>`;
}

/** What the chosen tool can be told. */
export function renderOptions(desk: Desk): TemplateResult | typeof nothing {
  const { tool } = desk;
  if (tool === "draw" || tool === "erase")
    return html`<div class="options">
      ${renderSize(desk, tool)}${tool === "draw" ? renderColors(desk) : nothing}
    </div>`;
  if (tool === "crop" && desk.area) return renderCrop(desk, desk.area);
  return tool === "resize" ? renderResize(desk) : nothing;
}

function renderSize(desk: Desk, tool: "draw" | "erase"): TemplateResult {
  const name = tool === "draw" ? t("Brush size") : t("Eraser size");
  const { width, height } = desk.picture.state;
  const size = desk.sizes[tool];
  return html`<label class="field"
    ><span>${name}</span
    ><input
      type="range"
      min="1"
      max=${Math.max(50, size, Math.round(Math.min(width, height) / 4))}
      .value=${String(size)}
      aria-label=${name}
      @input=${(event: Event) => desk.resize(tool, (event.target as HTMLInputElement).valueAsNumber)}
    /><output>${size}</output></label
  >`;
}

function renderColors(desk: Desk): TemplateResult {
  const { palette, paint } = desk;
  const free = desk.props.brush?.color_mode !== "fixed";
  const same = (one: Paint): boolean => one.color === paint.color && one.opacity === paint.opacity;
  return html`<span class="colors" role="group" aria-label=${t("Colors")}>
      ${palette.map(
        (each) =>
          html`<button
            type="button"
            class="color ${same(each) ? "selected" : ""}"
            style="--color:${each.color};--opacity:${each.opacity}"
            aria-label=${t("Color {0}{1}", each.color, each.opacity < 1 ? `, ${Math.round(each.opacity * 100)} % opaque` : "")}
            title=${t("Color {0}{1}", each.color, each.opacity < 1 ? `, ${Math.round(each.opacity * 100)} % opaque` : "")}
            aria-pressed=${same(each)}
            @click=${() => desk.dip(each)}
          ></button>`,
      )}
      ${
        free
          ? html`<input
              type="color"
              aria-label=${t("Brush color")}
              .value=${paint.color}
              @input=${(event: Event) => desk.dip({ ...paint, color: (event.target as HTMLInputElement).value })}
            />`
          : nothing
      }
    </span>
    ${
      free
        ? html`<label class="field"
            ><span>${t("Opacity")}</span
            ><input
              type="range"
              min="1"
              max="100"
              .value=${String(Math.round(paint.opacity * 100))}
              aria-label=${t("Opacity")}
              @input=${(event: Event) =>
                desk.dip({ ...paint, opacity: (event.target as HTMLInputElement).valueAsNumber / 100 })}
            /><output>${Math.round(paint.opacity * 100)} %</output></label
          >`
        : nothing
    }`;
}

function number(
  name: string,
  value: () => number,
  least: number,
  most: number,
  put: (value: number) => void,
) {
  return html`<label class="field"
    ><span>${name}</span
    ><input
      type="number"
      step="1"
      min=${least}
      max=${most}
      .value=${String(value())}
      @input=${(event: Event) => {
        const given = (event.target as HTMLInputElement).valueAsNumber;
        if (Number.isFinite(given)) put(given);
      }}
      @change=${(event: Event) => {
        (event.target as HTMLInputElement).value = String(value()); // what has become of it
      }}
  /></label>`;
}

function renderCrop(desk: Desk, area: Area): TemplateResult {
  const { state } = desk.picture;
  const put = (part: Partial<Area>): void =>
    desk.setArea(typed(area, part, state, ratioOf(desk.props.crop_size)));
  return html`<div class="options" role="group" aria-label=${t("Crop")}>
    ${number(
      t("Left"),
      () => desk.area?.x ?? area.x,
      0,
      state.width - 1,
      (x) => put({ x }),
    )}
    ${number(
      t("Top"),
      () => desk.area?.y ?? area.y,
      0,
      state.height - 1,
      (y) => put({ y }),
    )}
    ${number(
      t("Width"),
      () => desk.area?.width ?? area.width,
      1,
      state.width,
      (width) => put({ width }),
    )}
    ${number(
      t("Height"),
      () => desk.area?.height ?? area.height,
      1,
      state.height,
      (height) => put({ height }),
    )}
    <button type="button" class="primary sm" @click=${() => desk.cut()}>${t("Cut out")}</button>
    <button type="button" class="secondary sm" @click=${() => desk.use(null)}>${t("Cancel")}</button>
  </div>`;
}

/** Most pixels along a side that browsers draw. */
const LONGEST = 8192;

function renderResize(desk: Desk): TemplateResult {
  const { width, height } = desk.picture.state;
  const field = (event: Event, name: string): HTMLInputElement =>
    (event.currentTarget as HTMLElement).closest("form")!.elements.namedItem(name) as HTMLInputElement;
  const follow = (event: Event): void => {
    const by = event.target as HTMLInputElement;
    if (!field(event, "keep").checked || !(by.valueAsNumber >= 1)) return;
    const [other, share] = by.name === "width" ? ["height", height / width] : ["width", width / height];
    field(event, other).value = String(Math.min(LONGEST, Math.max(1, Math.round(by.valueAsNumber * share))));
  };
  const side = (name: string, label: string, value: number) =>
    html`<label class="field"
      ><span>${label}</span
      ><input
        type="number"
        name=${name}
        min="1"
        max=${LONGEST}
        step="1"
        required
        .value=${String(value)}
        @input=${follow}
    /></label>`;
  return html`<form
    class="options"
    aria-label=${t("Resize")}
    @submit=${(event: Event) => {
      event.preventDefault();
      desk.scale(field(event, "width").valueAsNumber, field(event, "height").valueAsNumber);
    }}
  >
    ${side("width", t("Width"), width)}${side("height", t("Height"), height)}
    <label class="field"
      ><input type="checkbox" name="keep" checked /><span>${t("Keep the shape")}</span></label
    >
    <button type="submit" class="primary sm">${t("Resize")}</button>
    <button type="button" class="secondary sm" @click=${() => desk.use(null)}>${t("Cancel")}</button>
  </form>`;
}

export function renderLayers(desk: Desk): TemplateResult | typeof nothing {
  const { picture, props } = desk;
  const { layers } = picture.state;
  if (!desk.showsLayers || props.layers?.disabled) return nothing;
  const more = props.layers?.allow_additional_layers !== false;
  return html`<div class="layers">
    <ul aria-label=${t("Layers, the uppermost first")}>
      ${[...layers].reverse().map((layer) => renderLayer(desk, layer, layers.indexOf(layer), more))}
    </ul>
    ${
      more
        ? html`<button
            type="button"
            class="secondary sm"
            @click=${() => desk.change(() => picture.addLayer())}
          >
            ${icon("plus")} ${t("Add Layer")}
          </button>`
        : nothing
    }
  </div>`;
}

function renderLayer(desk: Desk, layer: Layer, at: number, more: boolean): TemplateResult {
  const { picture } = desk;
  const { id, name, shown } = layer;
  const active = picture.layer === layer;
  return html`<li class=${active ? "selected" : ""}>
    <button
      type="button"
      class="layer-name"
      aria-pressed=${active}
      @click=${() => desk.change(() => picture.choose(id))}
    >
      ${name}
    </button>
    ${pressed(t("Show {0}", name), shown ? icon("eye") : icon("eye-off"), shown, () =>
      desk.change(
        () => picture.showLayer(id, !shown),
        shown ? t("{0} is hidden.", name) : t("{0} is shown.", name),
      ),
    )}
    ${able(t("Move {0} up", name), icon("chevron-up"), at < picture.state.layers.length - 1, () =>
      desk.change(() => picture.moveLayer(id, 1)),
    )}
    ${able(t("Move {0} down", name), icon("chevron-down"), at > 0, () => desk.change(() => picture.moveLayer(id, -1)))}
    ${
      more
        ? iconButton(t("Delete {0}", name), icon("trash-2"), () =>
            desk.change(() => picture.removeLayer(id), t("{0} is deleted.", name)),
          )
        : nothing
    }
  </li>`;
}
