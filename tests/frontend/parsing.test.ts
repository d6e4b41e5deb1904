/** Texts that were made to hold a page: the work grows with their length, not with its square, and ends in words. */
import { Marked } from "marked";
import { expect, test } from "vitest";
import { mathExtension } from "../../blocks_app/frontend/formulas";
import { balance, levels } from "../../blocks_app/frontend/markup";
import { parse } from "../../blocks_app/frontend/parsing";

const many = (part: string) => (n: number) => part.repeat(Math.ceil(n / part.length));
const nested = (left: string, right: string) => (n: number) => many(left)(n / 2) + "a" + many(right)(n / 2);

const shapes: Record<string, (n: number) => string> = {
  "open brackets": many("["),
  "open pictures": many("![[[["),
  "angle brackets": many("<"),
  stars: many("*a"),
  "stars within stars": nested("*a", "b*"),
  "mixed emphasis": nested("_*", "*_"),
  underscores: many("_a_"),
  "words with underscores": many("a_"),
  tildes: many("~~a "),
  backticks: (n) => Array.from({ length: Math.sqrt(2 * n) }, (_, i) => "`".repeat(i + 1)).join(" "),
  dollars: many("$a "),
  "formulas that never end": many("$${"),
  "formulas in lines": many("$$\na\n"),
  "a wide and long table": (n) => many("|a")(n / 10) + "\n" + many("|-")(n / 10) + "\n" + many("|\n")(n / 2),
  "a table of tables": many("a|b\n-|-\n"),
  quotes: many("> "),
  "lists in lists": many("- "),
  "indented lists": (n) =>
    Array.from({ length: Math.sqrt(2 * n) }, (_, i) => " ".repeat(i) + "- a").join("\n"),
  "a long list": many("- a\n\n"),
  "a list of quotes": many("> - "),
  rules: many("* * a\n"),
  headings: many("a\n-\n"),
  definitions: many("[a]: b 'c\n"),
  "many definitions": (n) => Array.from({ length: n / 12 }, (_, i) => `[a${i}]: b`).join("\n\n"),
  references: (n) => `[a]: /u\n\n${many("[a]")(n)}`,
  entities: many("&a"),
  "a word before an address": (n) => many("a")(n) + "@",
  "dotted words": many("a."),
  addresses: many("http://"),
  "an address and its brackets": (n) => "http://a.b/" + many(")")(n),
  "an address and its marks": (n) => "http://a.b/" + many("?!")(n),
  "an address and entities": (n) => "http://a.b/" + many("&a;")(n),
  "open tags": many("<a "),
  "open quotes in tags": many('<a b="'),
  "open comments": many("a<!--"),
  "open instructions": many("a<?"),
  "exclamation marks": many("!"),
  "links that never end": many("[a](b "),
  "links within links": nested("[", "](a)"),
  fences: many("~~~~\n```\n"),
  blanks: (n) => "a" + many(" ")(n) + "b",
  backslashes: many("a\\\n"),
  elements: many("<b>a"),
};

const marked = new Marked({ gfm: true });
marked.use(
  mathExtension([
    { left: "$$", right: "$$", display: true },
    { left: "$", right: "$", display: false },
  ]),
);

function cost(text: string): number {
  const start = performance.now();
  const markup = marked.parser(parse(text, marked.defaults).tokens);
  levels(markup);
  balance(text);
  return performance.now() - start;
}

test.each(Object.entries(shapes))(
  "%s cost four times as much when they are four times as long",
  (_, make) => {
    const short = cost(make(10_000));
    const long = cost(make(40_000));
    // sixteen times for the square; what takes little cannot be compared on a busy machine
    expect(long < 1500 || long / short < 11 ? 0 : long / short).toBe(0);
  },
  30_000,
);

test.each([
  ["> ".repeat(1000) + "deep", true],
  ["- a\n".repeat(10_000), true],
  ["a\n\n".repeat(10_000), true],
  ["*a ".repeat(30_000), true],
  ["> > - *a **b*** `c`\n\n".repeat(100), false],
  ["lorem *ipsum* [dolor](sit) `amet` ".repeat(500), false],
  ["|a|b|\n|-|-|\n" + "|1|2|\n".repeat(1000), false],
])("what is left over stays in the text, and it is told: %#", (text, cut) => {
  const parsed = parse(text, marked.defaults);
  expect(parsed.cut).toBe(cut);
  expect(parsed.tokens.map(({ raw }) => raw).join("").length).toBeGreaterThan(text.length * 0.99);
});

test("elements in each other are counted", () => {
  expect(levels("<b><i>a</i></b><br><p>x")).toBe(2);
  expect(levels("<b>".repeat(500))).toBe(500);
  expect(balance('<details title=">"><summary>a</summary>')).toBe(1);
  expect(balance("</div><img/>")).toBe(-1);
  expect(balance('<a b="')).toBe(0);
});

test("a letter bears a bounded number of marks", async () => {
  const { MarkdownView } = await import("../../blocks_app/frontend/markdown");
  const root = document.createElement("div");
  new MarkdownView(root).render("é a" + "\u0301".repeat(50_000) + " end");
  expect(root.textContent!.trim()).toBe("é a" + "\u0301".repeat(64) + " end");
});
