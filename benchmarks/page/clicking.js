// Runs before the page does. Fills the input in and clicks the button from the moment when both can be used, until one
// of the clicks is answered; `clicking.first` resolves with that time, `clicking.once(text)` clicks one more time.
(() => {
  if (window.top !== window) return;
  const INPUT = "#in textarea, #in input, textarea#in, input#in";
  const BUTTON = "button#btn, #btn button";
  const OUTPUT = "#out textarea, #out input, textarea#out, input#out, output#out";
  const PATIENCE = 30000;

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
        if (this.matches?.(OUTPUT)) shown(this.value);
      },
    });
  }
  setInterval(() => {
    const output = document.querySelector(OUTPUT);
    if (output) shown("value" in output ? output.value : output.textContent);
  }, 4);

  const fill = (input, text) => {
    (values.get(input.constructor) ?? values.get(HTMLInputElement)).set.call(input, text);
    for (const name of ["input", "change"]) input.dispatchEvent(new Event(name, { bubbles: true }));
  };
  const pause = (milliseconds) => new Promise((done) => setTimeout(done, milliseconds));

  // The input and the button, once a person could use them.
  const usable = () => {
    const [button, input] = [document.querySelector(BUTTON), document.querySelector(INPUT)];
    if (!button || !input || button.disabled) return null;
    const box = button.getBoundingClientRect();
    const style = getComputedStyle(button);
    if (!box.width || style.visibility === "hidden" || style.opacity === "0") return null;
    const top = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
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
