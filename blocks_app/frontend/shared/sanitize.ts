/** Markup of others as nodes that can do no harm: `const { sanitize } = await import("blocks/sanitize")`. */
export { sanitize } from "../sanitizing";
