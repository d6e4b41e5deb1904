import { expect, test } from "vitest";
import * as publicModule from "blocks";
import { GrElement, define, fileUrl, html, icon, page, render } from "blocks";

/** Third parties' modules import these; taking one away breaks them. `__vitePreload` is the build's own. */
const NAMES = `
  WholeNumber isLong parse stringify typed CopyButton GrContainer GrElement camera classMap copyText define dropArea fileUrl html icon ifDefined link live
  markdownView nothing page property render repeat same state styleMap svg t unsafeHTML upload __vitePreload
`;

test("the public door has exactly these names", () => {
  expect(Object.keys(publicModule).sort()).toEqual(NAMES.trim().split(/\s+/).sort());
});

class Rating extends GrElement<number> {
  override defaultLabel = "Rating";
  override render() {
    return this.frame(html`<input id=${this.inputId} aria-describedby=${this.describedBy} />`);
  }
}
define("test-rating", Rating);

async function rating(props: object, value = 1): Promise<Rating> {
  const element = document.createElement("test-rating") as Rating;
  Object.assign(element, { props, value, blockId: 5 });
  document.body.replaceChildren(element);
  await element.updateComplete;
  return element;
}

test("the label names the input exactly; the info describes it", async () => {
  const element = await rating({ label: "Stars", info: "1 to 5" });
  const label = element.querySelector("label")!;
  expect([label.textContent, label.htmlFor]).toEqual(["Stars", "component-5-input"]);
  expect(element.querySelector("label > span")!.getAttribute("data-testid")).toBe("block-info");
  expect(element.querySelector("input")!.getAttribute("aria-describedby")).toBe("component-5-info");
  expect(element.querySelector("#component-5-info")!.textContent).toBe("1 to 5");
});

test("a hidden label stays for screen readers, the default one is the class's", async () => {
  const element = await rating({ show_label: false });
  expect(element.querySelector("label")!.className).toContain("sr-only");
  expect(element.querySelector("label")!.textContent).toBe("Rating");
});

test("a user's edit tells change and input, an equal value only input", async () => {
  const element = await rating({});
  const received: string[] = [];
  element.addEventListener("gr-event", (event) => received.push((event as CustomEvent).detail.name));
  element.userInput(2);
  element.userInput(2);
  expect(received).toEqual(["change", "input", "input"]);
});

test("what the page appends survives a redraw", async () => {
  const element = await rating({});
  const overlay = element.appendChild(document.createElement("i"));
  element.props = { label: "New" };
  await element.updateComplete;
  expect(overlay.isConnected).toBe(true);
});

test("file addresses: the server's, ours below the base, or as they are", () => {
  page.base = "/chat/";
  expect(fileUrl({ path: "x", url: "/chat/file=1/x" })).toBe("/chat/file=1/x");
  expect(fileUrl({ path: "1/x" })).toBe("/chat/file=1/x");
  expect(fileUrl({ path: "data:,x" })).toBe("data:,x");
  expect(fileUrl(null)).toBeNull();
});

test("an icon is svg that assistive technology passes over", () => {
  const place = document.createElement("div");
  render(icon('<path d="M0 0"/>'), place);
  expect(place.querySelector("svg[aria-hidden=true] > path")).not.toBeNull();
});
