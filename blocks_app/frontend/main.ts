/** Starts the page: config -> elements -> connection -> the first events. */
import "./base.css"; // first: it orders the layers
import { isLong, page, parse } from "blocks";
import { loadScripts, type Dispatcher, type UserFunction } from "./dispatch";
import type { Config } from "./config";
import { Controller } from "./controller";
import { keepPage } from "./dropping";
import { remark } from "./banner";
import { keepOn, place } from "./keeping";
import { attend, onBlockEvent, onQuestion } from "./block_events";
import { Session } from "./session";
import { Tree, drawn } from "./tree";
import "./toast.css";

type UserModule = { default: Record<string, UserFunction> };

document.addEventListener("securitypolicyviolation", (event) =>
  import("./blocked_media").then((media) => media.tell(event)),
);

async function start(): Promise<void> {
  const config = readConfig();
  const root = document.getElementById("blocks-root")!;
  Object.assign(page, { base: config.base, maxFileSize: config.max_file_size });
  if (/[?&]__watch=/.test(location.search))
    return import("./watch").then((watching) => watching.watch(config, root, { Controller, Tree }));
  const session = await Session.start(config.base, config, config.username ?? null);
  page.session = session.id;
  const restored = session.again
    ? await import("./reload").then(
        (reload) => reload.restore(config, session, place(config), session.key),
        console.error,
      )
    : undefined;
  const tree = new Tree(config);
  attend(tree);
  if (config.deferred)
    await import("./deferred").then((deferred) => deferred.defer(tree, config.deferred!), console.error);
  const mounted = tree.mount(root);
  const functions = config.functions ? load(config.functions) : null;
  const controller = new Controller(config, tree, session);
  controller.restored = restored || undefined;
  keepOn(config, tree, controller.changes);
  const resuming = session.open.length > 0;
  // messages of events from before a reload need their elements; without any, there is nothing to wait for
  if (!resuming) controller.connect();
  await mounted;
  await drawn(tree.elements.values());
  // what happens while the functions are still loading waits for them
  let held: Parameters<Dispatcher["fire"]>[] | null = functions && [];
  onBlockEvent(root, (...event) => {
    if (held) held.push(event);
    else controller.dispatcher.fire(...event);
  });
  onQuestion(root, controller.dispatcher);
  root.removeAttribute("aria-busy");
  if (functions) controller.functions = await functions;
  await tree.deferred?.attend(controller, root, config, resuming);
  if (functions) {
    controller.scripts = await loadScripts().catch(() => undefined); // else with the first of them
    const waiting = held!;
    held = null;
    for (const event of waiting) controller.dispatcher.fire(...event);
  }
  await controller.restored?.attend(controller, remark);
  controller.resume();
  if (resuming) controller.connect();
  if (controller.functions.page) await (controller.scripts ?? (await loadScripts())).runPage(controller);
  controller.dispatcher.fire(null, "load");
}

/** The config that the page carries; as a script it has lost digits of long numbers, so then it is read once more. */
function readConfig(): Config {
  const begin = "window.gradio_config = ";
  const text = [...document.scripts].find((script) => script.text.startsWith(begin))?.text ?? "";
  if (isLong(text)) window.gradio_config = parse(text.slice(begin.length, text.lastIndexOf(";"))) as Config;
  return window.gradio_config;
}

/** The user's `js=` functions; a mistake in them is told and the page goes on without. */
async function load(address: string): Promise<Record<string, UserFunction>> {
  try {
    return ((await import(/* @vite-ignore */ address)) as UserModule).default;
  } catch (error) {
    console.error("No js functions:", error);
    return {};
  }
}

/** Users' scripts switch the theme by the class on body; the variables hang on html. The system is followed by theme.html. */
function followTheme(): void {
  const { body, documentElement } = document;
  new MutationObserver(() =>
    documentElement.classList.toggle("dark", body.classList.contains("dark")),
  ).observe(body, { attributeFilter: ["class"] });
}

window.gradioApp = () => document.querySelector("gradio-app");
followTheme();
keepPage();
start().catch((error) => console.error("Not started:", error));
