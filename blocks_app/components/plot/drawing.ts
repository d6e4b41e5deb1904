/** What plot.ts asks of each library. */
import { t } from "blocks";
import type { Props } from "blocks";

/** The wire value. */
export interface Figure {
  type: "matplotlib" | "plotly" | "altair" | "bokeh";
  plot: string;
}

/** A figure that is drawn. */
export interface Drawn {
  /** Takes it away. */
  erase(): void;
  /** Fits it into its place, which became wider or narrower, or was hidden until now. */
  fit?(): void;
}

/** Draws JSON into an element, over what the same library drew there before. */
export type Drawing = (into: HTMLElement, plot: string, props: Props) => Promise<Drawn>;

/** The address of a library on this server. Throws in words where its Python package is missing there. */
export function addressOf(props: Props, library: string, called: string): string {
  const address = props.libraries?.[library];
  if (!address)
    throw new Error(t("{0} is not installed on the server, which makes its figures drawable.", called));
  return address;
}
