import { expect, test, vi } from "vitest";
import "../../../blocks_app/components/chatbot/chatbot";
import type { GrChatbot } from "../../../blocks_app/components/chatbot/chatbot";
import { asWritten } from "../../../blocks_app/components/chatbot/tags";
import { MarkdownView } from "../../../blocks_app/frontend/markdown";
import { turnsOf, withText } from "../../../blocks_app/components/chatbot/turns";
import { mount } from "./support";

const said = (role: string, text: string, more = {}) => ({
  role,
  content: [{ type: "text", text }],
  ...more,
});
const talk = [said("user", "Hi"), said("assistant", "Hello!")];
const open = (props = {}) => mount<GrChatbot>("gr-chatbot", { value: talk, ...props });
const settled = async (element: GrChatbot) => {
  await element.updateComplete;
  for (const inner of ["gr-chat-stretch", "gr-chat-group"])
    for (const each of element.querySelectorAll<GrChatbot>(inner)) await each.updateComplete;
};
const button = (element: Element, name: string) =>
  element.querySelector<HTMLElement>(`button[aria-label='${name}']`)!;

test("messages and pairs show the same, by the names that tests rely on", async () => {
  for (const value of [talk, [["Hi", "Hello!"]]]) {
    const { element, find } = await open({ value });
    await settled(element);
    expect(find("[role=log]").getAttribute("aria-label")).toBe("chatbot conversation");
    expect(find("[data-testid=user].message.user").textContent!.trim()).toBe("Hi");
    expect(find("[data-testid=bot].message.bot").textContent!.trim()).toBe("Hello!");
  }
});

test("what came before keeps its nodes while the last message grows", async () => {
  const { element } = await open();
  await settled(element);
  const groups = element.querySelectorAll("gr-chat-group");
  const renders = [...groups].map((group) => vi.spyOn(group as GrChatbot, "render"));
  element.receive([talk[0] as never, said("assistant", "Hello! How are you?") as never]);
  await settled(element);
  expect(renders.map((render) => render.mock.calls.length)).toEqual([0, 1]);
  expect(element.querySelectorAll("gr-chat-group")[1]).toBe(groups[1]);
});

test("thumbs tell the message, in the index of each format", async () => {
  const { element, data } = await open({ likeable: true, feedback_options: ["Like", "Dislike", "Odd"] });
  await settled(element);
  button(element, "dislike").click();
  expect(data("like")).toEqual({ index: 1, value: ["Hello!"], liked: false });
  await settled(element);
  expect(button(element, "clicked dislike").getAttribute("aria-pressed")).toBe("true");
  button(element, "Odd").click();
  expect(data("like")).toEqual({ index: 1, value: ["Hello!"], liked: "Odd" });
  const pairs = await open({ likeable: true, feedback_options: ["Like"], value: [["Hi", "Hello!"]] });
  await settled(pairs.element);
  button(pairs.element, "like").click();
  expect(pairs.data("like")).toEqual({ index: [0, 1], value: "Hello!", liked: true });
});

test("a chosen message tells its own text, a liked answer each part of it", async () => {
  const picture = { path: "a.png", mime_type: "image/png" };
  const parts = [
    { type: "text", text: "Look" },
    { type: "file", file: picture, alt_text: "a cat" },
  ];
  const value = [...talk, { role: "assistant", content: parts }];
  const { element, data } = await open({
    likeable: true,
    feedback_options: ["Like"],
    value,
    _selectable: true,
  });
  await settled(element);
  element.querySelectorAll<HTMLElement>(".message")[1].click();
  expect(data("select")).toEqual({ index: 1, value: "Hello!" });
  button(element, "like").click();
  const shown = { component: "image", value: picture, alt_text: "a cat", constructor_args: {}, props: {} };
  expect(data("like")).toEqual({ index: 1, value: ["Hello!", "Look", shown], liked: true });
});

test("each part of a message is chosen by itself, and the last one is what was asked", async () => {
  const parts = [
    { type: "text", text: "Look" },
    { type: "text", text: "and say" },
  ];
  const value = [{ role: "user", content: parts }, talk[1]];
  const { element, data } = await open({ value, _selectable: true, _retryable: true });
  await settled(element);
  const [first, second] = element.querySelectorAll<HTMLElement>(".message .selectable");
  first.click();
  expect(data("select")).toEqual({ index: 0, value: "Look" });
  second.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter" }));
  expect(data("select")).toEqual({ index: 0, value: "and say" });
  button(element, "Retry").click();
  expect(data("retry")).toEqual({ index: 0, value: "and say" });
});

test("retry and undo are offered to who listens, and tell what was asked", async () => {
  const plain = await open();
  await settled(plain.element);
  expect(button(plain.element, "Retry")).toBeNull();
  const { element, data } = await open({ _retryable: true, _undoable: true });
  await settled(element);
  button(element, "Retry").click();
  button(element, "Undo").click();
  expect([data("retry"), data("undo")]).toEqual([
    { index: 0, value: "Hi" },
    { index: 0, value: "Hi" },
  ]);
});

test("an edited message changes the value and tells both texts", async () => {
  const { element, data, find, names } = await open({ editable: "user" });
  await settled(element);
  expect(element.querySelectorAll("button[aria-label=Edit]")).toHaveLength(1);
  button(element, "Edit").click();
  await settled(element);
  find<HTMLTextAreaElement>("textarea").value = "Bye";
  button(element, "Submit").click();
  expect(names()).toEqual(["change", "edit"]);
  expect(data("edit")).toEqual({ index: 0, value: "Bye", previous_value: "Hi" });
  expect(element.value![0]).toEqual(said("user", "Bye"));
  expect(withText([["a", "b"]], [0, 1], "c")).toEqual([["a", "c"]]);
});

test("copies have the watermark, and tell what was copied", async () => {
  const write = vi.fn(async () => undefined);
  vi.stubGlobal("navigator", { ...navigator, clipboard: { writeText: write } });
  const { element, data } = await open({ buttons: ["copy", "copy_all"], watermark: "Made by a program" });
  await settled(element);
  element.querySelectorAll<HTMLElement>("button[aria-label='Copy message']")[1].click();
  await vi.waitFor(() => expect(data("copy")).toEqual({ value: "Hello!" }));
  expect(write).toHaveBeenCalledWith("Hello!\n\nMade by a program");
  button(element, "Copy conversation").click();
  await vi.waitFor(() => expect(data("copy")).toEqual({ value: "user: Hi\n\nassistant: Hello!" }));
  vi.unstubAllGlobals();
});

test("clearing empties the value, and shows how to begin", async () => {
  const examples = [{ text: "Tell me", display_text: "A joke" }];
  const { element, names, data, find } = await open({ examples, placeholder: "Nothing yet" });
  button(element, "Clear").click();
  expect(names()).toEqual(["change", "clear"]);
  await settled(element);
  expect(find(".placeholder").textContent).toContain("Nothing yet");
  find(".example").click();
  expect(data("example_select")).toEqual({ index: 0, value: { text: "Tell me", files: [] } });
});

test("thoughts fold, hold those within them, and answers can be chosen", async () => {
  const { element, data } = await open({
    value: [
      said("assistant", "inner work", { metadata: { title: "Outer", id: 1, status: "pending" } }),
      said("assistant", "step", { metadata: { title: "Inner", parent_id: 1, duration: 65, status: "done" } }),
      said("assistant", "Well?", { options: [{ value: "yes", label: "Yes!" }] }),
    ],
  });
  await settled(element);
  const [outer, inner] = element.querySelectorAll("details");
  expect([outer.open, inner.open, outer.contains(inner)]).toEqual([true, false, true]);
  expect(inner.querySelector("summary")!.textContent).toContain("(1m 5s)");
  element.querySelector<HTMLElement>(".option")!.click();
  expect(data("option_select")).toEqual({ index: 0, value: "yes" });
});

test("files are shown by their kind, and saved unless the app says no", async () => {
  const file = (path: string, mime_type: string) => ({
    type: "file",
    file: { path, url: path, mime_type, orig_name: path.split("/").at(-1) },
    alt_text: null,
  });
  const content = [
    file("https://a.org/a.png", "image/png"),
    file("https://a.org/b.mp3", "audio/mpeg"),
    file("https://a.org/c.txt", "text/plain"),
  ];
  const { element, find } = await open({ value: [{ role: "user", content }] });
  await settled(element);
  expect(find<HTMLImageElement>("[data-testid=chatbot-image]").alt).toBe("a.png");
  expect(find("[data-testid=chatbot-audio]")).not.toBeNull();
  expect(find("[data-testid=chatbot-file]").textContent).toContain("c.txt");
  expect(element.querySelectorAll(".save")).toHaveLength(2);
});

test("a component is drawn inside its message, and the page hears nothing of it", async () => {
  const part = { type: "component", component: "chatbot", props: { label: "Inner" }, value: [["In", null]] };
  const { element, names } = await open({
    value: [{ role: "assistant", content: [{ ...part, element: { tag: "gr-chatbot", module: null } }] }],
  });
  await settled(element);
  await vi.waitFor(() => expect(element.querySelector(".component gr-chatbot")).not.toBeNull());
  const inner = element.querySelector<GrChatbot>(".component gr-chatbot")!;
  await settled(inner);
  expect(inner.textContent).toContain("In");
  inner.emit("like");
  expect(names()).toEqual([]);
});

test("tags that HTML does not know are shown as written, outside of code", () => {
  expect(asWritten("<plan>a</plan> <b>c</b>", true)).toBe("&lt;plan&gt;a&lt;/plan&gt; <b>c</b>");
  expect(asWritten("`<plan>` <plan>", true)).toBe("`<plan>` &lt;plan&gt;");
  expect(asWritten("<plan><b>", ["b"])).toBe("<plan>&lt;b&gt;");
  expect(asWritten("<plan>", false)).toBe("<plan>");
});

test("turns are the same objects while their messages are", () => {
  const first = turnsOf(talk as never);
  const then = turnsOf([...talk, said("system", "hidden"), said("user", "And?")] as never);
  expect(then).toHaveLength(3);
  expect([then[0] === first[0], then[1] === first[1]]).toEqual([true, true]);
  const again = turnsOf(structuredClone(talk) as never, talk as never);
  expect([again[0] === first[0], again[1] === first[1]]).toEqual([true, true]);
});

const LONG = { timeout: 20_000 };
const many = (words: string) =>
  Array.from({ length: 200 }, (_, at) => said(at % 2 ? "assistant" : "user", words));

test("of a long conversation the end is drawn at once, and the rest while the browser is idle", async () => {
  const { element } = await open({ value: many("Hi") });
  await settled(element);
  const drawn = () => element.querySelectorAll("gr-chat-group").length;
  expect(drawn()).toBe(80);
  expect(element.querySelector("gr-chat-stretch:last-child gr-chat-group")).not.toBeNull();
  await vi.waitFor(() => expect(drawn()).toBe(200), LONG);
  element.receive(many("Another") as never);
  await settled(element);
  expect(drawn()).toBe(80);
  await vi.waitFor(() => expect(drawn()).toBe(200), LONG);
});

test("a word more draws neither the stretches before it nor their groups", async () => {
  const value = many("Hi");
  const { element } = await open({ value });
  await vi.waitFor(() => expect(element.querySelectorAll("gr-chat-group")).toHaveLength(200), LONG);
  const inner = [...element.querySelectorAll<GrChatbot>("gr-chat-stretch, gr-chat-group")];
  const renders = inner.map((each) => vi.spyOn(each, "render"));
  element.receive([...value.slice(0, -1), said("assistant", "Hi there")] as never);
  await settled(element);
  expect(renders.reduce((sum, render) => sum + render.mock.calls.length, 0)).toBe(2);
});

test("what is added is followed until the reader scrolls up, and again from the end on", async () => {
  const { element, find } = await open({});
  await settled(element);
  const log = find("[role=log]");
  let height = 1000;
  Object.defineProperties(log, {
    scrollHeight: { get: () => height },
    clientHeight: { get: () => 300 },
  });
  const scroll = async (top: number) => {
    log.scrollTop = top;
    log.dispatchEvent(new Event("scroll"));
    await element.updateComplete;
  };
  element.keepDown();
  expect(log.scrollTop).toBe(1000);
  await scroll(700);
  await scroll(400);
  height = 1200;
  element.keepDown();
  expect(log.scrollTop).toBe(400);
  button(element, "Scroll to bottom").click();
  expect(log.scrollTop).toBe(1200);
  await scroll(400);
  await scroll(890);
  expect(button(element, "Scroll to bottom")).toBeNull();
  element.keepDown();
  expect(log.scrollTop).toBe(1200);
  await scroll(400);
  element.receive([...talk, said("user", "And?")] as never);
  await element.updateComplete;
  element.keepDown();
  expect(log.scrollTop).toBe(1200);
});

test("nothing is followed without autoscroll", async () => {
  const { element, find } = await open({ autoscroll: false });
  Object.defineProperty(find("[role=log]"), "scrollHeight", { get: () => 1000 });
  element.keepDown();
  expect(find("[role=log]").scrollTop).toBe(0);
});

test("speakers have their pictures, and right to left is each message's", async () => {
  const picture = { path: "https://a.org/bot.png", url: "https://a.org/bot.png" };
  const { element } = await open({ avatar_images: [null, picture], rtl: true });
  await settled(element);
  const pictures = [...element.querySelectorAll<HTMLImageElement>(".avatar-image")];
  expect(pictures.map(({ src, alt }) => [src, alt])).toEqual([[picture.url, "bot avatar"]]);
  const columns = [...element.querySelectorAll(".message-column")];
  expect(columns.map((column) => column.getAttribute("dir"))).toEqual(["rtl", "rtl"]);
});

test("a conversation is shared with what the system has for it, else copied", async () => {
  const share = vi.fn(async () => undefined);
  const writeText = vi.fn(async () => undefined);
  const { element } = await open({ buttons: ["share"], watermark: "By a program" });
  const text = "user: Hi\n\nassistant: Hello!\n\nBy a program";
  vi.stubGlobal("navigator", { canShare: () => true, share, clipboard: { writeText } });
  button(element, "Share").click();
  expect(share).toHaveBeenCalledWith({ text, title: document.title });
  vi.stubGlobal("navigator", { clipboard: { writeText } });
  button(element, "Share").click();
  expect(writeText).toHaveBeenCalledWith(text);
  vi.unstubAllGlobals();
});

test("many words in one frame are drawn once, and change nothing but the last message", async () => {
  const value = many("Hi");
  const { element, names } = await open({ value });
  await vi.waitFor(() => expect(element.querySelectorAll("gr-chat-group")).toHaveLength(200), LONG);
  await element.updateComplete;
  const render = vi.spyOn(element, "render");
  const changed = new Set<Element | null>();
  const observer = new MutationObserver((all) => {
    for (const { target } of all)
      changed.add(
        ((target as Element).closest ? (target as Element) : target.parentElement)!.closest("gr-chat-group"),
      );
  });
  observer.observe(element, { subtree: true, childList: true, characterData: true });
  for (let word = 0; word < 50; word += 1) {
    element.receive([...value.slice(0, -1), said("assistant", `Hi ${"there ".repeat(word)}`)] as never);
    await Promise.resolve();
  }
  await settled(element);
  expect(render.mock.calls.length).toBeLessThan(4);
  expect(element.querySelector("gr-chat-group:last-of-type [data-testid=bot]")).not.toBeNull();
  await vi.waitFor(
    () => expect([...changed]).toEqual([[...element.querySelectorAll("gr-chat-group")].at(-1)]),
    LONG,
  );
  expect(names().filter((name) => name !== "change")).toEqual([]);
  observer.disconnect();
});

test("groups are the same whatever changes before or after them", async () => {
  const { element } = await open({
    value: many("Hi").slice(0, 6),
    feedback_value: ["Like", "Dislike", null],
    likeable: true,
  });
  await settled(element);
  const talks = [
    [...many("Hi").slice(0, 6), said("assistant", "More")],
    [...many("Hi").slice(0, 5)],
    [said("assistant", "First"), ...many("Hi").slice(0, 5)],
    [...many("Hi").slice(0, 3), said("user", "Again"), ...many("Hi").slice(3, 6)],
    [],
    many("Ho").slice(0, 4),
  ];
  const shown = (chat: Element) =>
    [...chat.querySelectorAll("gr-chat-group")].map((group) => [
      group.querySelectorAll(".message").length,
      group.textContent!.replace(/\s+/g, " "),
      [...group.querySelectorAll("[aria-pressed=true]")].map((each) => each.getAttribute("aria-label")),
    ]);
  for (const talk of talks) {
    const fresh = await open({ value: talk, feedback_value: ["Like", "Dislike", null], likeable: true });
    await settled(fresh.element);
    document.body.replaceChildren(element);
    element.receive(talk as never);
    await settled(element);
    expect(shown(element)).toEqual(shown(fresh.element));
  }
});

test("a text that takes long to draw is drawn less often, and its end in any case", async () => {
  const { element } = await open({ value: [said("assistant", "One")] });
  await settled(element);
  const words = element.querySelector("gr-chat-text") as HTMLElement & { drawNow(): void; text: string };
  const parse = vi.spyOn(MarkdownView.prototype, "render").mockImplementation(function (this: unknown, text) {
    (this as { root: HTMLElement }).root.textContent = text;
  });
  words.drawNow();
  await vi.waitFor(() => expect(parse).toHaveBeenCalled(), LONG);
  let now = performance.now();
  const clock = vi.spyOn(performance, "now").mockImplementation(() => (now += 60));
  const frames = 30;
  for (let at = 0; at < frames; at += 1) {
    words.text = `One ${at}`;
    await new Promise((resolve) => requestAnimationFrame(resolve));
  }
  clock.mockRestore();
  expect(parse.mock.calls.length).toBeLessThan(frames / 2);
  await vi.waitFor(() => expect(words.textContent).toContain(`One ${frames - 1}`), LONG);
  parse.mockRestore();
});

test("what was said of an answer stays with it while it grows, and not with another in its place", async () => {
  const { element } = await open({ likeable: true, feedback_options: ["Like"] });
  await settled(element);
  const liked = () => element.querySelector(".feedback[aria-pressed=true]") !== null;
  button(element, "like").click();
  const texts = ["Hello!", "Hello! And", "Another"];
  const found: boolean[] = [];
  for (const text of texts) {
    element.receive([talk[0], said("assistant", text)] as never);
    await settled(element);
    found.push(liked());
  }
  expect(found).toEqual([true, true, false]);
});
