import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Session } from "../../blocks_app/frontend/session";
import { locks } from "./support";

let lock: ReturnType<typeof locks>;
beforeEach(() => {
  sessionStorage.clear();
  lock = locks();
  vi.stubGlobal("navigator", { locks: lock });
});
afterEach(() => vi.unstubAllGlobals());

const open = { event_id: "a", fn: 0, trigger_id: 1, after: 3 };

test("a reload keeps the session and its open events", async () => {
  const first = await Session.start("/", 7);
  first.add(open);
  lock.held.clear();
  const second = await Session.start("/", 7);
  expect([second.id, second.open]).toEqual([first.id, [open]]);
  expect([first.again, second.again]).toEqual([false, true]);
  second.remove("a");
  lock.held.clear();
  expect((await Session.start("/", 7)).open).toEqual([]);
});

test("a duplicated tab, whose storage is a copy, gets a session of its own", async () => {
  const first = await Session.start("/", 7);
  first.add(open);
  const copy = await Session.start("/", 7);
  expect(copy.id).not.toBe(first.id);
  expect(copy.open).toEqual([]);
});

test("a restarted app knows none of the events from before", async () => {
  (await Session.start("/", 7)).add(open);
  lock.held.clear();
  expect((await Session.start("/", 8)).open).toEqual([]);
});

test("whoever logs in next in a tab gets a session of their own", async () => {
  const ids = [];
  for (const name of ["ann", "ann", "bob", null]) {
    ids.push((await Session.start("/", 7, name)).id);
    lock.held.clear();
  }
  expect(ids[1]).toBe(ids[0]);
  expect(new Set(ids).size).toBe(3);
});

test("two apps of one site have two sessions", async () => {
  const [one, two] = [await Session.start("/one/", 1), await Session.start("/two/", 2)];
  expect(one.id).not.toBe(two.id);
});
