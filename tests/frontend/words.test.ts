import { afterEach, expect, test, vi } from "vitest";
import { t } from "blocks";
import { number, tn } from "blocks/counting";
import { tell } from "blocks/telling";

afterEach(() => {
  delete window.blocks_words;
  document.documentElement.lang = "en";
});

test("without a catalogue a text is what it says, with its values", () => {
  expect(t("Copy")).toBe("Copy");
  expect(t("{0} of {1}", 3, "a {0} b")).toBe("3 of a {0} b");
  expect(tn("{0} row", "{0} rows", 1) + tn("{0} row", "{0} rows", 2000)).toBe("1 row2,000 rows");
});

test("with one it is the translation; what is missing stays English", () => {
  window.blocks_words = { Copy: "Kopieren", "{0} of {1}": "von {1}: {0}" };
  expect([t("Copy"), t("{0} of {1}", 1, 2), t("Paste")]).toEqual(["Kopieren", "von 2: 1", "Paste"]);
});

test("counts have the forms of their language", () => {
  document.documentElement.lang = "ar";
  const forms = ["zero", "one", "two", "few", "many", "other"];
  window.blocks_words = { "{0} row": forms };
  expect([0, 1, 2, 3, 11, 100].map((count) => tn("{0} row", "{0} rows", count))).toEqual(forms);
  document.documentElement.lang = "fr";
  window.blocks_words = { "{0} row": ["{0} ligne", "{0} lignes"] };
  expect([0, 1, 2, 1_000_000].map((count) => tn("{0} row", "{0} rows", count).replace(/^.* /, ""))).toEqual([
    "ligne",
    "ligne",
    "lignes",
    "lignes",
  ]);
  document.documentElement.lang = "de";
  expect(number(1234567)).toBe("1.234.567");
});

test("English counts without what knows all languages, whose loading is felt", () => {
  const rules = vi.spyOn(Intl, "PluralRules");
  const local = vi.spyOn(Number.prototype, "toLocaleString");
  const texts = [0, 1, 999, 1000, 1_234_567, -1234].map((count) => tn("{0} row", "{0} rows", count));
  expect(texts).toEqual(["0 rows", "1 row", "999 rows", "1,000 rows", "1,234,567 rows", "-1,234 rows"]);
  expect([rules, local].map(({ mock }) => mock.calls.length)).toEqual([0, 0]);
  vi.restoreAllMocks();
  expect(number(1234.5)).toBe("1,234.5");
});

test("words that take their time are made when they are said, and of several only the last", () => {
  vi.useFakeTimers();
  const region = document.body.appendChild(document.createElement("div"));
  region.id = "blocks-live";
  const made = vi.fn(() => "3 choices");
  tell(() => "4 choices");
  tell(made);
  expect(made).not.toHaveBeenCalled();
  vi.runAllTimers();
  expect([region.textContent, made.mock.calls.length]).toEqual(["3 choices", 1]);
  vi.useRealTimers();
  region.remove();
});
