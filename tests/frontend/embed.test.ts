// @vitest-environment happy-dom
import { beforeEach, expect, it } from "vitest";
import { shared } from "../../blocks_app/frontend/embed/apps";
import { Elements, HTMLElement as Base } from "../../blocks_app/frontend/embed/elements";

let apps: [Elements, Elements];

beforeEach(() => {
  document.body.replaceChildren();
  apps = [new Elements(), new Elements()];
});

function place(app: Elements): ShadowRoot {
  const host = document.body.appendChild(document.createElement("div"));
  const root = host.attachShadow({ mode: "open" });
  shared.roots.set(root, app);
  return root;
}

/** A class of an app that says its name. */
function says(word: string) {
  return class extends Base {
    word = word;
    connectedCallback(): void {
      this.textContent = this.word;
    }
  };
}

it("makes an element that nobody made by what is around it", () => {
  const tag = "x-around";
  const [one, two] = apps;
  one.define(tag, says("one"));
  two.define(tag, says("two"));
  const element = document.createElement(tag);
  place(two).append(element);
  expect(element.textContent).toBe("two");
  expect(element).toBeInstanceOf(two.get(tag)!);
  expect(element).not.toBeInstanceOf(one.get(tag)!);
});

it("makes an element that came before its class", async () => {
  const tag = "x-early";
  const [one, two] = apps;
  one.define(tag, says("one"));
  const element = two.making(() => document.createElement(tag));
  place(two).append(element);
  expect(element.textContent).toBe("");
  expect(two.get(tag)).toBeUndefined();
  const defined = two.whenDefined(tag);
  two.define(tag, says("two"));
  expect(element.textContent).toBe("two");
  expect(await defined).toBe(two.get(tag));
});

it("asks each class for its attributes, which makes lit's ready", () => {
  const tag = "x-asked";
  let asked = 0;
  for (const app of apps)
    app.define(
      tag,
      class extends Base {
        static get observedAttributes(): string[] {
          asked += 1;
          return ["title"];
        }
      },
    );
  expect(asked).toBe(2);
});

it("makes elements by their constructors, too, and tells of a second definition", () => {
  const tag = "x-new";
  const [one] = apps;
  const Made = says("new");
  one.define(tag, Made);
  expect(new Made().word).toBe("new");
  expect(() => one.define(tag, Made)).toThrow(/is defined/);
});

it("gives setters what was set before the class came", () => {
  const tag = "x-held";
  const [one] = apps;
  one.define(
    tag,
    class extends Base {
      set word(text: string) {
        this.textContent = text;
      }
    },
  );
  const element = document.createElement(tag);
  Object.assign(element, { word: "before" });
  place(one).append(element);
  expect(element.textContent).toBe("before");
});
