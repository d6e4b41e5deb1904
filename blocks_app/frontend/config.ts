/** The config of a page as the server sends it: what the front end reads of it. */
import type { Props } from "blocks";

export interface ComponentConfig {
  id: number;
  type: string;
  props: Props;
  /** Address of the module that defines `tag`; none for blocks that are never drawn (State). */
  module?: string | null;
  tag?: string | null;
  /** Style sheets that belong to the module. */
  css?: string[];
  /** The part of the page that holds it, when that was built at run time. */
  rendered_in?: number | null;
}

export interface LayoutNode {
  id: number;
  children?: LayoutNode[];
}

export interface Dependency {
  id: number;
  /** What starts it: block id (null for chains) and event name. */
  targets: [number | null, string][];
  inputs: number[];
  outputs: number[];
  /** Which of the inputs are sent with what only the page knows of them, see `GrElement.optionsNow`. */
  component_prop_inputs?: number[];
  backend_fn: boolean;
  js?: unknown;
  queue: boolean | null;
  api_name: string | false | null;
  scroll_to_output: boolean;
  show_progress: "full" | "minimal" | "hidden";
  /** Blocks that show the progress, when not the outputs. */
  show_progress_on?: number[] | null;
  cancels: number[];
  collects_event_data: boolean;
  trigger_after: number | null;
  trigger_only_on_success: boolean;
  trigger_only_on_failure?: boolean;
  trigger_mode: "once" | "multiple" | "always_last" | null;
  /** The part of the page that it belongs to, and the part that it builds. */
  rendered_in?: number | null;
  render_id?: number | null;
}

/** A part of the page that a function has built at run time. */
export interface RenderConfig {
  /** The container that it fills. */
  layout: LayoutNode;
  components: ComponentConfig[];
  dependencies: Dependency[];
  render_id: number;
  /** It stood there before a reload, so its page has been loaded before. */
  kept?: boolean;
}

export interface Config {
  base: string;
  app_id: number | string;
  /** What the page was made of. */
  revision: string;
  /** Whether the server starts anew when its source changes, and this page with it. */
  reloads?: boolean;
  /** "anew": a reload begins anew, as in Gradio. */
  reload?: "anew";
  /** The pages of the app. */
  pages?: unknown[];
  title?: string;
  /** Path of this page among those of the app. */
  current_page?: string;
  /** Who has logged in. */
  username?: string | null;
  layout: LayoutNode;
  components: ComponentConfig[];
  dependencies: Dependency[];
  /** Blocks that nobody sees yet, and whose elements may come later. */
  deferred?: number[];
  /** HTML that the app adds to the head of the page. */
  head?: string | null;
  /** Module of the user's `js=` texts. */
  functions?: string | null;
  websocket: string;
  max_file_size?: number | null;
  connect_heartbeat?: boolean;
}

declare global {
  interface Window {
    gradio_config: Config;
    gradioApp: () => Element | null;
  }
}
