// Runs before the page does. Fills the input in and clicks the button from the moment when both can be used, until one
// of the clicks is answered; `clicking.first` resolves with that time, `clicking.once(text)` clicks one more time.
(() => {
  if (window.top !== window) return;
  // Streamlit names its parts by classes, and Panel's stand in shadow roots behind theirs.
  const part = (name, tags) => ({
    light: tags.flatMap((tag) => [`#${name} ${tag}`, `${tag}#${name}`, `.st-key-${name} ${tag}`]).join(),
    host: `.bench-${name}`,
    inside: tags.join(),
  });
  const INPUT = part("in", ["textarea", "input"]);
  const BUTTON = part("btn", ["button"]);
  const OUTPUT = part("out", ["textarea", "input", "output"]);
  const PATIENCE = 30000;

  const within = (root, selector) => {
    const found = root.querySelector(selector);
    if (found) return found;
    for (const { shadowRoot } of root.querySelectorAll("*")) {
      const deeper = shadowRoot && within(shadowRoot, selector);
      if (deeper) return deeper;
    }
    return null;
  };
  let shadows = false; // whether the page has such roots: looking through them takes its time
  const attach = Element.prototype.attachShadow;
  Element.prototype.attachShadow = function (options) {
    shadows = true;
    return attach.call(this, options);
  };
  const seen = new Map();
  const find = (wanted) => {
    if (seen.get(wanted)?.isConnected) return seen.get(wanted);
    const host = shadows && within(document, wanted.host);
    const found =
      document.querySelector(wanted.light) ??
      (host && within(host.shadowRoot ?? host, wanted.inside)) ??
      null;
    seen.set(wanted, found || null);
    return found || null;
  };

  const waiting = new Map(); // what is called with the time when this text is shown
  const shown = (text) => {
    const notice = waiting.get(text);
    waiting.delete(text);
    notice?.(performance.now());
  };
  const values = new Map();
  for (const kind of [HTMLTextAreaElement, HTMLInputElement]) {
    const own = Object.getOwnPropertyDescriptor(kind.prototype, "value");
    values.set(kind, own);
    Object.defineProperty(kind.prototype, "value", {
      ...own,
      set(text) {
        own.set.call(this, text);
        if (this.matches?.(OUTPUT.light)) shown(this.value);
      },
    });
  }
  setInterval(() => {
    const output = find(OUTPUT);
    if (output) shown("value" in output ? output.value : output.textContent);
  }, 4);

  const fill = (input, text) => {
    (values.get(input.constructor) ?? values.get(HTMLInputElement)).set.call(input, text);
    for (const name of ["input", "change"]) input.dispatchEvent(new Event(name, { bubbles: true }));
  };
  const pause = (milliseconds) => new Promise((done) => setTimeout(done, milliseconds));

  // The input and the button, once a person could use them.
  const usable = () => {
    const [button, input] = [find(BUTTON), find(INPUT)];
    if (!button || !input || button.disabled) return null;
    const box = button.getBoundingClientRect();
    const style = getComputedStyle(button);
    if (!box.width || style.visibility === "hidden" || style.opacity === "0") return null;
    const top = button.getRootNode().elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
    return top && !button.contains(top) && !top.contains(button) ? null : { input, button };
  };

  // When it was clicked and when the answer was shown; null where that is not possible, or nothing comes.
  const once = async (text) => {
    const before = usable();
    if (!before) return null;
    fill(before.input, text);
    await pause(10);
    const { button } = usable() ?? before;
    const clicked = performance.now();
    const answer = new Promise((done) => {
      const expected = `Hello ${text}!`;
      waiting.set(expected, done);
      setTimeout(() => waiting.delete(expected) && done(null), PATIENCE);
    });
    button.click();
    const answered = await answer;
    return answered === null ? null : { clicked, answered };
  };

  const untilAnswered = () =>
    new Promise((done) => {
      void (async () => {
        let tries = 0;
        let over = false;
        while (!over && performance.now() < PATIENCE) {
          if (!usable()) {
            await pause(5);
            continue;
          }
          tries += 1;
          void once(`t${tries}`).then((found) => {
            over ||= found !== null;
            if (found) done(found.answered);
          });
          await pause(tries < 10 ? 100 : 1000);
        }
        done(null);
      })();
    });

  window.clicking = { once, first: untilAnswered() };
})();
