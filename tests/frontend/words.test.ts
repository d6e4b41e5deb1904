import { afterEach, expect, test } from "vitest";
import { t } from "blocks";
import { number, tn } from "blocks/counting";

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
