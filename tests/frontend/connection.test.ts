import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Connection, type Message } from "../../blocks_app/frontend/connection";

/** A WebSocket whose other end is the test. */
class FakeSocket {
  static all: FakeSocket[] = [];
  static OPEN = 1;
  readyState = 1;
  sent: { type: string; [key: string]: unknown }[] = [];
  onmessage: ((event: { data: string }) => void) | null = null;
  onclose: (() => void) | null = null;

  constructor(readonly url: URL) {
    FakeSocket.all.push(this);
  }

  send(text: string): void {
    this.sent.push(JSON.parse(text));
  }

  close(): void {
    this.readyState = 3;
    this.onclose?.();
  }

  says(frame: object): void {
    this.onmessage?.({ data: JSON.stringify(frame) });
  }

  welcomes(number: number, pending: string[] = [], app_id = 7, revision = "r"): void {
    this.says({ type: "welcome", session_hash: "s", app_id, revision, number, pending, running: {} });
  }

  types(): string[] {
    return this.sent.map(({ type }) => type);
  }
}

const last = (): FakeSocket => FakeSocket.all[FakeSocket.all.length - 1];
const numbered = (...numbers: number[]): object => ({
  type: "messages",
  items: numbers.map((n) => [n, { msg: "progress", event_id: "a", progress_data: [] }]),
});

function connect(open: string[] = [], number = 0) {
  const listener = {
    message: vi.fn<(message: Message) => void>(),
    refused: vi.fn(),
    lost: vi.fn(),
    link: vi.fn(),
    welcome: vi.fn(),
  };
  const connection = new Connection("/queue/ws", "s", listener, 7, "r");
  connection.start(open, number);
  return { connection, listener };
}

beforeEach(() => {
  vi.useFakeTimers();
  FakeSocket.all = [];
  vi.stubGlobal("WebSocket", FakeSocket);
});

afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

test("submits wait for the welcome, are sent once and say how long they have waited", () => {
  const { connection } = connect();
  connection.submit({ event_id: "a", fn_index: 0, data: ["x"] }, performance.now() - 100);
  vi.advanceTimersByTime(250);
  expect(last().sent).toEqual([]);
  last().welcomes(0);
  expect(last().sent).toEqual([{ type: "submit", event_id: "a", fn_index: 0, data: ["x"], waited: 350 }]);
});

test("after a broken connection it comes back after the last number and repeats what was not accepted", () => {
  const { connection, listener } = connect();
  last().welcomes(0);
  connection.submit({ event_id: "a", fn_index: 0, data: [] });
  last().says({ type: "accepted", event_id: "a" });
  connection.submit({ event_id: "b", fn_index: 0, data: [] });
  last().says(numbered(1, 2));
  last().close();
  expect(listener.link).toHaveBeenLastCalledWith("offline");
  vi.advanceTimersByTime(400);
  expect(FakeSocket.all).toHaveLength(2);
  expect(last().url.searchParams.get("after")).toBe("2");
  last().welcomes(2, ["a"]);
  expect(listener.link).toHaveBeenLastCalledWith("online");
  expect(last().sent.map(({ event_id }) => event_id)).toEqual(["b"]);
});

test("messages that were seen before are ignored", () => {
  const { listener } = connect();
  last().welcomes(3);
  last().says(numbered(1, 2, 3));
  last().says(numbered(2, 3, 4));
  expect(listener.message).toHaveBeenCalledTimes(4);
});

test("a message that cannot be applied does not hold up the next", () => {
  const reported = vi.spyOn(console, "error").mockImplementation(() => undefined);
  const { listener } = connect();
  listener.message.mockImplementationOnce(() => {
    throw new Error("no");
  });
  last().welcomes(0);
  last().says(numbered(1, 2));
  expect(listener.message).toHaveBeenCalledTimes(2);
  expect(reported).toHaveBeenCalledOnce();
  reported.mockRestore();
});

test("pauses between attempts grow, and end when the network comes back", () => {
  connect();
  for (const pause of [400, 800, 1500]) {
    last().close();
    vi.advanceTimersByTime(pause);
  }
  expect(FakeSocket.all).toHaveLength(4);
  last().close();
  vi.advanceTimersByTime(1000);
  expect(FakeSocket.all).toHaveLength(4);
  dispatchEvent(new Event("online"));
  expect(FakeSocket.all).toHaveLength(5);
});

test("received messages are acknowledged after a while, or when there are many", () => {
  connect();
  last().welcomes(0);
  last().says(numbered(1));
  vi.advanceTimersByTime(2000);
  expect(last().sent).toEqual([{ type: "ack", number: 1 }]);
  last().says(numbered(...Array.from({ length: 50 }, (_, i) => i + 2)));
  expect(last().sent[1]).toEqual({ type: "ack", number: 51 });
});

test("a refusal is told once and not repeated", () => {
  const { connection, listener } = connect();
  last().welcomes(0);
  connection.submit({ event_id: "a", fn_index: 0, data: [] });
  last().says({ type: "refused", event_id: "a", status: 503, detail: "Queue is full." });
  expect(listener.refused).toHaveBeenCalledWith("a", 503, "Queue is full.");
  last().close();
  vi.advanceTimersByTime(400);
  last().welcomes(0);
  expect(last().sent).toEqual([]);
});

test("events that a restarted server does not know are lost", () => {
  const { connection, listener } = connect();
  last().welcomes(0);
  connection.submit({ event_id: "a", fn_index: 0, data: [] });
  last().says({ type: "accepted", event_id: "a" });
  last().says(numbered(1, 2, 3));
  last().close();
  vi.advanceTimersByTime(400);
  last().welcomes(0, [], 8);
  expect(listener.lost).toHaveBeenCalledWith(["a"], true);
  expect(listener.link).toHaveBeenLastCalledWith("online");
  expect(listener.welcome).toHaveBeenLastCalledWith(expect.objectContaining({ app_id: 8 }), true);
  last().says(numbered(1));
  expect(listener.message).toHaveBeenCalledTimes(4);
});

test("a restarted server gets what the one before did not take, and is itself known afterwards", () => {
  const { connection, listener } = connect();
  last().welcomes(0);
  last().close();
  connection.submit({ event_id: "a", fn_index: 0, data: [] });
  vi.advanceTimersByTime(400);
  last().welcomes(0, [], 8);
  expect(last().types()).toEqual(["submit"]);
  expect(listener.lost).not.toHaveBeenCalled();
  last().says({ type: "accepted", event_id: "a" });
  last().close();
  vi.advanceTimersByTime(1000);
  last().welcomes(0, ["a"], 8);
  expect(listener.welcome).toHaveBeenLastCalledWith(expect.anything(), false);
  expect(listener.lost).not.toHaveBeenCalled();
});

test("a server with another page is not sent anything, as its listeners may be others", () => {
  const { connection, listener } = connect(["a"]);
  last().welcomes(0, ["a"]);
  last().close();
  connection.submit({ event_id: "b", fn_index: 0, data: [] });
  vi.advanceTimersByTime(400);
  const socket = last();
  socket.welcomes(0, [], 8, "other");
  expect(socket.sent).toEqual([]);
  expect(socket.readyState).toBe(3);
  expect(listener.lost).toHaveBeenCalledWith(["a", "b"], true);
  expect(listener.link).toHaveBeenLastCalledWith("changed");
  vi.advanceTimersByTime(60_000);
  expect(last()).toBe(socket);
});

test("a page that is connected hears that another version of it runs by now", () => {
  const { listener } = connect();
  const socket = last();
  socket.welcomes(0);
  expect(listener.link).toHaveBeenLastCalledWith("online");
  socket.welcomes(0, [], 7, "newer");
  expect(listener.link).toHaveBeenLastCalledWith("changed");
  expect(listener.lost).not.toHaveBeenCalled();
  expect(socket.readyState).toBe(3);
});

test("a page that wakes up finds out at once whether its socket is dead", () => {
  connect();
  const socket = last();
  socket.welcomes(0);
  document.dispatchEvent(new Event("visibilitychange"));
  expect(socket.types()).toEqual(["ping"]);
  socket.says({ type: "pong" });
  vi.advanceTimersByTime(5000);
  expect(socket.readyState).toBe(1);
  document.dispatchEvent(new Event("resume"));
  vi.advanceTimersByTime(5000);
  expect(socket.readyState).toBe(3);
});

test("an event that ended while the page was away is not lost: its messages follow", () => {
  const { listener } = connect(["a"], 5);
  expect(last().url.searchParams.get("after")).toBe("5");
  last().welcomes(9, []);
  last().says({ type: "messages", items: [[9, { msg: "process_completed", event_id: "a" }]] });
  expect(listener.lost).not.toHaveBeenCalled();
  expect(listener.message).toHaveBeenCalledTimes(1);
});

test("a cancel made while offline is sent later", () => {
  const { connection } = connect(["a"]);
  connection.cancel("a");
  last().welcomes(0, ["a"]);
  expect(last().sent).toEqual([{ type: "cancel", event_id: "a" }]);
});

test("replaced: it stays away, and says so to whoever submits", () => {
  const { connection, listener } = connect();
  last().welcomes(0);
  last().says({ type: "replaced" });
  last().close();
  vi.advanceTimersByTime(60_000);
  expect(FakeSocket.all).toHaveLength(1);
  expect(listener.link).toHaveBeenLastCalledWith("replaced");
  connection.submit({ event_id: "a", fn_index: 0, data: [] });
  expect(listener.refused).toHaveBeenCalledWith("a", 503, "#gone"); // the words are the toast's
});

test("turned away: it tells why and stays away, unless the house is only full", () => {
  const { listener } = connect();
  last().says({ type: "refused", event_id: null, status: 503, detail: "Too many visitors" });
  last().close();
  vi.advanceTimersByTime(400);
  expect(FakeSocket.all).toHaveLength(2);
  last().says({ type: "refused", event_id: null, status: 401, detail: "Not authenticated" });
  last().close();
  vi.advanceTimersByTime(60_000);
  expect(FakeSocket.all).toHaveLength(2);
  expect(listener.link).toHaveBeenLastCalledWith("refused", "Not authenticated");
});

test("a silent connection is told and given up", () => {
  const { listener } = connect();
  last().welcomes(0);
  vi.advanceTimersByTime(25_900);
  expect(last().types()).toEqual([]);
  vi.advanceTimersByTime(1100);
  expect(last().types()).toContain("ping");
  expect(listener.link).toHaveBeenLastCalledWith("online");
  vi.advanceTimersByTime(1500);
  expect(listener.link).toHaveBeenLastCalledWith("silent");
  vi.advanceTimersByTime(7000);
  expect(FakeSocket.all).toHaveLength(2);
});

test("where somebody waits, silence is told within seconds, and an answer takes the words away", () => {
  const { connection, listener } = connect();
  last().welcomes(0);
  vi.advanceTimersByTime(10_000);
  connection.submit({ event_id: "a", fn_index: 0, data: [] });
  vi.advanceTimersByTime(3100);
  expect(listener.link).toHaveBeenLastCalledWith("silent");
  last().says({ type: "pong" });
  expect(listener.link).toHaveBeenLastCalledWith("online");
  expect(FakeSocket.all).toHaveLength(1);
});

test("a question waits for what is on its way before it, over a slow network", () => {
  const { connection, listener } = connect();
  last().welcomes(0);
  connection.submit({ event_id: "a", fn_index: 0, data: ["x".repeat(160_000)] });
  vi.advanceTimersByTime(20_000);
  expect(listener.link).toHaveBeenLastCalledWith("online");
  vi.advanceTimersByTime(5000);
  expect(listener.link).toHaveBeenLastCalledWith("silent");
  expect(FakeSocket.all).toHaveLength(1);
});

test("a connection that takes too long is tried again", () => {
  connect();
  last().welcomes(0);
  last().close();
  vi.advanceTimersByTime(400);
  expect(FakeSocket.all).toHaveLength(2);
  vi.advanceTimersByTime(7000);
  expect(FakeSocket.all).toHaveLength(3);
});

test("only a page that was here before says so, until the server has answered", () => {
  const asked = (): (string | null)[] =>
    FakeSocket.all.map(({ url }) => new URL(url).searchParams.get("anew"));
  const listener = { message: vi.fn(), refused: vi.fn(), lost: vi.fn(), link: vi.fn() };
  new Connection("/queue/ws", "s", listener, 7, "r").start([], 0, "anew");
  last().close();
  vi.advanceTimersByTime(400);
  last().welcomes(0);
  last().close();
  vi.advanceTimersByTime(400);
  expect(asked()).toEqual(["1", "1", null]);
});

test("a link to the page chooses neither its session nor where it reads on", () => {
  history.replaceState(null, "", "/?session_hash=theirs&after=99&session%5Fhash=theirs&other=1");
  try {
    connect();
    const asked = [...last().url.searchParams];
    expect(asked.filter(([name]) => name === "session_hash")).toEqual([["session_hash", "s"]]);
    expect(asked.filter(([name]) => name === "after")).toEqual([["after", "0"]]);
    expect(asked).toContainEqual(["other", "1"]);
  } finally {
    history.replaceState(null, "", "/");
  }
});

test("what a dead process may have begun is told as lost; what it cannot have is sent to the next", async () => {
  const { connection, listener } = connect();
  last().welcomes(0);
  connection.submit({ event_id: "sent", fn_index: 0, data: [] });
  connection.submit({ event_id: "half", fn_index: 0, data: ["x".repeat(3_000_000)] });
  const parts = () => last().sent.filter(({ type }) => type === "part");
  await vi.waitFor(() => expect(parts()).toHaveLength(4));
  last().close();
  connection.submit({ event_id: "kept", fn_index: 0, data: [] });
  vi.advanceTimersByTime(400);
  last().welcomes(0, [], 8);
  expect(listener.lost).toHaveBeenCalledWith(["sent"], true);
  await vi.waitFor(() => expect(last().sent.map(({ event_id }) => event_id)).toEqual(Array(4).fill("half")));
  for (let i = 0; i < 12; i++) last().says({ type: "taken", event_id: "half", index: i });
  await vi.waitFor(() => expect(last().sent.at(-1)).toMatchObject({ type: "submit", event_id: "kept" }));
});

test("a server that has forgotten the session in between gets no event twice either", () => {
  const { connection, listener } = connect();
  const welcome = { type: "welcome", session_hash: "s", app_id: 7, revision: "r", number: 0, pending: [] };
  last().says({ ...welcome, life: 1 });
  connection.submit({ event_id: "a", fn_index: 0, data: [] });
  last().close();
  vi.advanceTimersByTime(400);
  last().says({ ...welcome, life: 2 });
  expect(listener.lost).toHaveBeenCalledWith(["a"], false);
  expect(last().sent).toEqual([]);
});

test("a frame that the server could not read is told, and the page goes on", () => {
  const { connection, listener } = connect();
  last().welcomes(0);
  last().says({ type: "refused", event_id: null, status: 400, detail: "The message is not JSON." });
  expect(listener.refused).toHaveBeenCalledWith(null, 400, "The message is not JSON.");
  connection.submit({ event_id: "a", fn_index: 0, data: [] });
  expect(last().types()).toEqual(["submit"]);
});

test("a message that cannot be read costs its event alone", async () => {
  const reported = vi.spyOn(console, "error").mockImplementation(() => undefined);
  const { connection, listener } = connect();
  last().welcomes(0);
  connection.submit({ event_id: "aa", fn_index: 0, data: [] });
  const spoilt = '[1,{"msg":"process_generating","event_id":"aa","output":NaN}]';
  const good = '[2,{"msg":"progress","event_id":"bb","progress_data":[]}]';
  last().onmessage?.({ data: `{"type":"messages","items":[${spoilt},${good}]}` });
  const told_of = expect.stringContaining("could not be read") as string;
  await vi.waitFor(() => expect(listener.refused).toHaveBeenCalledWith("aa", 500, told_of));
  expect(listener.message).toHaveBeenCalledTimes(1);
  expect(last().sent.at(-1)).toEqual({ type: "cancel", event_id: "aa" });
  reported.mockRestore();
});

test("a long answer comes in pieces and is acknowledged at once", () => {
  const { listener } = connect();
  last().welcomes(0);
  const message = { msg: "log", event_id: "a", log: "x".repeat(2_000_000) };
  const text = JSON.stringify({ type: "messages", items: [[1, message]] });
  for (let at = 0; at < text.length; at += 500_000)
    last().says({ type: "piece", text: text.slice(at, at + 500_000), more: at + 500_000 < text.length });
  expect(listener.message).toHaveBeenCalledExactlyOnceWith(message);
  expect(last().sent).toEqual([{ type: "ack", number: 1 }]);
});

test("an event whose end the server has not kept is told as lost once all that waited was heard", () => {
  const { connection, listener } = connect();
  last().welcomes(0);
  for (const event_id of ["a", "b"]) {
    connection.submit({ event_id, fn_index: 0, data: [] });
    last().says({ type: "accepted", event_id });
  }
  last().close();
  vi.advanceTimersByTime(400);
  last().welcomes(9);
  expect(listener.lost).not.toHaveBeenCalled();
  const end = { msg: "process_completed", event_id: "b", output: {}, success: true };
  last().says({ type: "messages", items: [[9, end]] });
  expect(listener.lost).toHaveBeenCalledExactlyOnceWith(["a"], false);
});
