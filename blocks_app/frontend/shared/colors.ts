/** Colours of names: `import { colorsOf } from "blocks/colors"`. */

/** As the author says, or one from the wheel, each far from the one before. White text can be read on them. */
export function colorsOf(names: string[], colors: Record<string, string>): Map<string, string> {
  let next = 0;
  const wheel = () => `oklch(0.53 0.16 ${Math.round(27 + 137.5 * next++) % 360})`;
  return new Map(names.map((name) => [name, colors[name] ?? wheel()]));
}
