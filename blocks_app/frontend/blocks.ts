/**
 * The public module of the page: what a component module may import, ours and third parties' alike.
 *
 *     import { GrElement, html, define } from "blocks";
 *
 *     class GrRating extends GrElement {
 *       defaultLabel = "Rating";
 *       render() {
 *         return this.frame(html`<input id=${this.inputId} type="number" .value=${this.value ?? ""}
 *           ?disabled=${!this.interactive} @input=${(e) => this.userInput(e.target.valueAsNumber)} />`);
 *       }
 *     }
 *     define("gr-rating", GrRating);
 *
 * THE CONTRACT OF AN ELEMENT
 * A component module is an ES module that defines one custom element (the tag that the Python class names;
 * `gr-` + wire name by default). The page creates the element, sets these properties before it is connected,
 * and places it in light DOM:
 *
 *   props        the constructor options from Python, by their Python names; replaced as a whole on an update
 *   value        the wire value; the server's new values arrive through `receive(value)`, or here if there is none
 *   interactive  whether the user may edit (already resolved: option, else input of an event, else ...)
 *   blockId      the number of the block in the config
 *
 * and listens for one bubbling event, `gr-event`, whose detail is `{name, data}`: "change", "submit", ...
 * Listeners run when the code that told of it has come to its end, so that they see the values as they are then.
 * That is all; a plain HTMLElement that honours it works. GrElement (a LitElement without shadow root) adds:
 *
 *   emit(name, data?)      tell the page that something happened; data becomes the event data
 *   act(value, ...events)  the visitor did something: sets the value, then emits the events in this order, each a
 *                          name or [name, data]; "change" only if the value differs
 *   userInput(value)       the user edited: sets the value, emits "change" (only if different), then "input"
 *   setValue(value)        sets the value, emits "change" if different; no "input"
 *   receive(value)         a value from the server: sets it and, once redrawn, emits "change" if different
 *   await free(name)       nothing that listens to this event runs any more: the back-pressure of a stream
 *   pendingValue?()        an element may have it: a promise of the value where it is still on its way, else null;
 *                          listeners that take the value wait for it
 *   optionsNow?()          an element may have it: options that change on the page, such as where a film is played;
 *                          functions that ask for the component get them (`page_options` in Python)
 *   label, showLabel       the resolved label (option, else `defaultLabel`, which the class sets)
 *   domId                  elem_id, or component-N; inputId, labelId, infoId derive from it
 *   renderLabel(forId?)    `<label><span data-testid="block-info">`; visually hidden with show_label=False.
 *                          Without forId a `<span id=labelId>`, for `aria-labelledby` of groups
 *   renderBlockLabel(icon) the corner label of media blocks (`data-testid="block-label"`)
 *   renderInfo()           the text under the label, id `infoId` (use it in aria-describedby via `describedBy`)
 *   renderButtons(own?, more?) the corner: the buttons that `props.buttons` names, drawn by `own[name]()`, and the
 *                          app's own gr.Buttons; then `more`. Part of frame()
 *   frame(body, forId?)    corner + label + info + body: what most form components return from render()
 *   wrap(body)             only the body, for components that place their label themselves
 *
 * The host element is the block: the page gives it `class="block"`, the id, elem_classes, `hide`, scale and
 * min_width; render() draws what is inside. `container=False` gives class `bare` instead of the frame and no label.
 * A class with `static hostless = true` (Button) has a host with `display: contents`; it puts `id=${this.domId}`,
 * `this.elemClasses` and `this.flexStyle` on its own inner element. `static framed = false` leaves out the class "block".
 * With `static typed = true` (Textbox, Number) an answer does not take away what was typed since its function was asked;
 * `static merge(basis, answer, typed)` says how the two go together where the value is no text.
 *
 * A layout extends GrContainer: the page puts the children into `this.body`; render() draws before it. With
 * `static flat = true` the body is the host itself. After children were added, taken away or given other options the
 * page calls requestUpdate() of the layout.
 *
 * Whole numbers that JavaScript would round (ids beyond 2**53) come as `WholeNumber`: equal ones are the same object,
 * text with them has all their digits, and sent back they are the same. `typed(input)` reads one from a number field.
 *
 * `new CopyButton(this, () => text)` draws and serves a copy button; `await markdownView(node)` draws Markdown, safely.
 *
 * `void dropArea()` loads `<gr-drop-area>` for choosing and dropping files, `void camera()` loads `<gr-camera>`.
 *
 * Only use what is exported here: lit comes from this module, so that the page has one copy of it. Styles are a
 * css file beside the module (`import "./rating.css"`), inside `@layer components`. Heavy libraries are loaded
 * with `await import("...")`. `@property()` and `@state()` are for TypeScript's `experimentalDecorators`; everywhere else
 * a class has `static properties`, as GrElement has. Icons: `icon("copy")`, the name of a Lucide icon as a literal, is inlined at build.
 * Modules without a build give the svg's inner markup instead: `icon('<path d="..."/>')`.
 */
export { html, svg, nothing, render, type TemplateResult, type PropertyValues } from "lit";
export { property, state } from "./declaring";
export { classMap } from "lit/directives/class-map.js";
export { styleMap } from "lit/directives/style-map.js";
export { live } from "lit/directives/live.js";
export { repeat } from "lit/directives/repeat.js";
export { unsafeHTML } from "lit/directives/unsafe-html.js";
export { ifDefined } from "lit/directives/if-defined.js";
export { GrElement, define, same, type Props, type BlockEvent } from "./element";
export { GrContainer } from "./container";
export { WholeNumber, isLong, parse, stringify, typed } from "./numbers";
export { icon } from "./icon";
export { t } from "./words";
export { CopyButton, copyText } from "./copying";
export { markdownView, type MarkdownView, type MarkdownOptions } from "./rich";
export { page, camera, dropArea, fileUrl, upload, type FileData, type UploadProgress } from "./page";
export { preload as __vitePreload, link } from "./preload";
