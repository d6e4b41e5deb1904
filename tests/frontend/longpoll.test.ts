/** Long polling as the connection sees it: like a WebSocket. */
import { afterEach, expect, test, vi } from "vitest";
import { PollSocket } from "../../blocks_app/frontend/longpoll";

const address = new URL("ws://host/app/queue/ws?session_hash=s&after=5");
const welcome = { type: "welcome", session_hash: "s", app_id: 1, number: 5, pending: [] };

/** A server whose answers are given in turn; then polls hang. */
function server(...answers: [number, unknown][]): { method: string; url: URL; body?: string }[] {
  const asked: { method: string; url: URL; body?: string }[] = [];
  vi.stubGlobal("fetch", (url: URL, { method = "GET", body }: { method?: string; body?: string } = {}) => {
    asked.push({ method, url: new URL(url), body });
    const answer = method === "POST" ? [200, [{ type: "pong" }]] : answers.shift();
    if (!answer) return new Promise(() => undefined);
    const [status, content] = answer as [number, unknown];
    const text = content === null ? null : JSON.stringify(content);
    return Promise.resolve(new Response(text, { status }));
  });
  return asked;
}

/** A socket, and what it said. */
function dial(): { socket: PollSocket; received: { type: string }[]; closed: () => boolean } {
  const socket = new PollSocket(address);
  const received: { type: string }[] = [];
  let closed = false;
  socket.onmessage = ({ data }) => received.push(JSON.parse(data) as { type: string });
  socket.onclose = () => (closed = true);
  return { socket, received, closed: () => closed };
}

afterEach(() => vi.unstubAllGlobals());

test("says hello, then asks for what came after the last message", async () => {
  const asked = server(
    [200, welcome],
    [204, null],
    [
      200,
      {
        type: "messages",
        items: [
          [6, {}],
          [7, {}],
        ],
      },
    ],
  );
  const { received } = dial();
  await vi.waitFor(() => expect(asked.length).toBe(4));
  expect(received.map(({ type }) => type)).toEqual(["welcome", "messages"]);
  expect(asked.map(({ url }) => url.searchParams.get("after"))).toEqual(["5", "5", "5", "7"]);
  expect(asked[0].url.href).toContain("http://host/app/queue/poll?");
  expect(asked[0].url.searchParams.get("hello")).toBe("1");
});

test("a new server is asked from where it counts", async () => {
  const asked = server([200, { ...welcome, number: 2 }]);
  dial();
  await vi.waitFor(() => expect(asked.length).toBe(2));
  expect(asked[1].url.searchParams.get("after")).toBe("2");
});

test("sends frames in order and hears the answers", async () => {
  const asked = server([200, welcome]);
  const { socket, received } = dial();
  await vi.waitFor(() => expect(received.length).toBe(1));
  socket.send('{"type":"ping"}');
  await vi.waitFor(() => expect(received.length).toBe(2));
  expect(asked.find(({ method }) => method === "POST")?.body).toBe('[{"type":"ping"}]');
});

test("closes after a failure, with the reason where the page is refused", async () => {
  server([401, { detail: "Not authenticated" }]);
  const { received, closed } = dial();
  await vi.waitFor(() => expect(closed()).toBe(true));
  expect(received).toEqual([{ type: "refused", event_id: null, status: 401, detail: "Not authenticated" }]);
});

test("what cannot be taken together goes one by one, and costs the event that it is about", async () => {
  const asked = server([200, welcome]);
  const posted = vi.fn((body: string) =>
    body.includes("bad") ? new Response('{"detail":"Too large."}', { status: 413 }) : new Response("[]"),
  );
  const get = fetch;
  vi.stubGlobal("fetch", (url: URL, options: { method?: string; body?: string } = {}) =>
    options.body ? Promise.resolve(posted(options.body)) : get(url, options),
  );
  const { socket, received, closed } = dial();
  await vi.waitFor(() => expect(received.length).toBe(1));
  for (const id of ["one", "bad", "two"]) socket.send(`{"type":"submit","event_id":"${id}"}`);
  await vi.waitFor(() => expect(posted).toHaveBeenCalledTimes(4));
  await vi.waitFor(() => expect(received.length).toBe(2));
  expect(received[1]).toEqual({ type: "refused", event_id: "bad", status: 413, detail: "Too large." });
  expect([closed(), asked.length]).toEqual([false, 2]);
});

test("a request names the process that it is for, and another one ends the socket", async () => {
  const asked = server([200, welcome], [409, { detail: "Another process" }]);
  const { received, closed } = dial();
  await vi.waitFor(() => expect(closed()).toBe(true));
  expect(asked.map(({ url }) => url.searchParams.get("process"))).toEqual([null, "1"]);
  expect(received.map(({ type }) => type)).toEqual(["welcome"]);
});
