/** A page that watches a run of another tab: the whole app, read-only, with the outputs of that run as they come. */
import type { Props } from "blocks";
import { page, t } from "blocks";
import type { Config } from "./config";
import type { LinkState } from "./connection";
import type { Controller } from "./controller";
import type { Run } from "./dispatch";
import type { Welcome } from "./generated/protocol";
import { sessionOf } from "./watch_link";
import type { Tree } from "./tree";
import "./watch.css";

/** What a watching page does otherwise than the others; both belong to the core, which this module is no part of. */
interface Core {
  Controller: typeof Controller;
  Tree: typeof Tree;
}

/** Draws the app and follows the event that the address names. */
export async function watch(config: Config, root: HTMLElement, core: Core): Promise<void> {
  const event_id = new URLSearchParams(location.search).get("__watch")!;
  const quiet = quieten(config);
  const tree = quietTree(core, quiet);
  await tree.mount(root);
  await Promise.all(
    [...tree.elements.values()].map((element) => "updateComplete" in element && element.updateComplete),
  );
  root.removeAttribute("aria-busy");
  watcher(core, quiet, tree, event_id).connect();
}

/** The same page without anything that starts an event or takes a value. */
function quieten(config: Config): Config {
  const still = { interactive: false };
  return {
    ...config,
    components: config.components.map((each) => ({ ...each, props: { ...each.props, ...still } })),
    dependencies: config.dependencies.map((each) => ({
      ...each,
      targets: [],
      cancels: [],
      trigger_after: null,
    })),
  };
}

function quietTree(core: Core, config: Config): Tree {
  class QuietTree extends core.Tree {
    override update(id: number, changes: Props): void {
      super.update(id, { ...changes, interactive: false });
    }
  }
  return new QuietTree(config);
}

function watcher(core: Core, config: Config, tree: Tree, event_id: string): Controller {
  const bar = document.createElement("p");
  bar.className = "watch-bar";
  bar.role = "status";
  document.querySelector("main.app")!.prepend(bar);
  const say = (text: string): void => {
    const link = document.createElement("a");
    link.href = page.base;
    link.textContent = t("Open the app");
    bar.replaceChildren(text, " ", link);
  };
  class Watcher extends core.Controller {
    override connect(): void {
      this.connection.start([event_id]);
    }

    override welcome(welcome: Welcome): void {
      super.welcome(welcome, false);
      say(t("You are watching a run of another tab."));
      const { runs } = this.dispatcher;
      if (!runs.has(event_id) && !this.dispatcher.resume(event_id, welcome.fn_index!, null))
        say(t("This run cannot be watched."));
    }

    override link(state: LinkState, reason?: string): void {
      if (state === "refused") say(`${reason}.`);
      else super.link(state, reason);
    }

    override finish(run: Run, success: boolean): void {
      super.finish(run, success, []);
      say(success ? t("The run has ended.") : t("The run has failed."));
      this.connection.stop();
    }

    protected override takesLong(): void {}
  }
  say(t("Looking for the run…"));
  const nothing = (): undefined => undefined;
  const session = { id: sessionOf(event_id), app_id: config.app_id, again: false, open: [] };
  return new Watcher(config, tree, { ...session, add: nothing, remove: nothing, renew: nothing });
}
