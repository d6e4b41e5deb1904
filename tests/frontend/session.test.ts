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

const at = (app_id: number, revision = "r") => ({ app_id, revision });
const open = { event_id: "a", fn: 0, trigger_id: 1, after: 3 };

test("a reload keeps the session and its open events", async () => {
  const first = await Session.start("/", at(7));
  first.add(open);
  lock.held.clear();
  const second = await Session.start("/", at(7));
  expect([second.id, second.open]).toEqual([first.id, [open]]);
  expect([first.again, second.again]).toEqual([false, true]);
  second.remove("a");
  lock.held.clear();
  expect((await Session.start("/", at(7))).open).toEqual([]);
});

test("a duplicated tab, whose storage is a copy, gets a session of its own", async () => {
  const first = await Session.start("/", at(7));
  first.add(open);
  const copy = await Session.start("/", at(7));
  expect(copy.id).not.toBe(first.id);
  expect(copy.open).toEqual([]);
});

test("after a restart of the same app the page asks the new process for its events, and learns that they are lost", async () => {
  (await Session.start("/", at(7))).add(open);
  lock.held.clear();
  const after = await Session.start("/", at(8));
  expect([after.open, after.app_id]).toEqual([[open], 7]);
  after.renew(8);
  after.remove("a");
  lock.held.clear();
  expect((await Session.start("/", at(9))).app_id).toBe(9);
});

test("a changed app knows none of the events from before", async () => {
  (await Session.start("/", at(7))).add(open);
  lock.held.clear();
  expect((await Session.start("/", at(8, "other"))).open).toEqual([]);
});

test("whoever logs in next in a tab gets a session of their own", async () => {
  const ids = [];
  for (const name of ["ann", "ann", "bob", null]) {
    ids.push((await Session.start("/", at(7), name)).id);
    lock.held.clear();
  }
  expect(ids[1]).toBe(ids[0]);
  expect(new Set(ids).size).toBe(3);
});

test("two apps of one site have two sessions", async () => {
  const [one, two] = [await Session.start("/one/", at(1)), await Session.start("/two/", at(2))];
  expect(one.id).not.toBe(two.id);
});
