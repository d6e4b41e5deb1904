/** Stands in for lit's css tag: elements in light DOM have no styles of their own (they are files), so none is carried. */
export class CSSResult {}
export const supportsAdoptingStyleSheets = true;
export const adoptStyles = (): void => undefined;
export const getCompatibleStyle = <T>(style: T): T => style;
export const unsafeCSS = (): CSSResult => new CSSResult();
export const css = unsafeCSS;
