/** Decorators for the properties of an element, as TypeScript's `experimentalDecorators` calls them. */
import type { PropertyDeclaration, ReactiveElement } from "lit";

type Declare = (element: object, name: PropertyKey) => void;

/** A property whose changes redraw the element. */
export const property =
  (options?: PropertyDeclaration): Declare =>
  (element, name) =>
    (element.constructor as typeof ReactiveElement).createProperty(name, options);

/** The same for what is the element's own affair: no attribute sets it. */
export const state = (): Declare => property({ state: true, attribute: false });
