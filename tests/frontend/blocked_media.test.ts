import { beforeEach, expect, test } from "vitest";
import { tell } from "../../blocks_app/frontend/blocked_media";

const violation = (effectiveDirective: string, blockedURI: string) =>
  ({ effectiveDirective, blockedURI }) as SecurityPolicyViolationEvent;
const notes = () => [...document.querySelectorAll(".blocked-media")];

beforeEach(() => {
  document.body.innerHTML = "";
});

test("a picture that may not be loaded is told in its place, with a link", () => {
  document.body.innerHTML = `<img src="https://a.example/x.png"><img src="https://b.example/y.png">`;
  tell(violation("img-src", "https://a.example/x.png"));
  tell(violation("img-src", "https://a.example/x.png"));
  expect(notes()).toHaveLength(1);
  expect(notes()[0].textContent).toContain("The picture is not shown: it lies at a.example");
  expect(notes()[0].querySelector("a")!.href).toBe("https://a.example/x.png");
  const [first, second] = document.querySelectorAll("img");
  expect([first.hidden, second.hidden]).toEqual([true, false]);
  first.dispatchEvent(new Event("load"));
  expect([first.hidden, notes().length]).toEqual([false, 0]);
});

test("a film is told, too; within a button there is no link", () => {
  document.body.innerHTML = `<button><video><source src="https://a.example/x.mp4"></video></button>`;
  tell(violation("media-src", "https://a.example"));
  expect(document.querySelector("video")!.hidden).toBe(true);
  expect(notes()[0].textContent).toContain("The sound or film");
  expect(notes()[0].querySelector("a")).toBeNull();
});

test("what is no address is nobody's", () => {
  document.body.innerHTML = `<img src="data:,x">`;
  for (const uri of ["data", "inline", ""]) tell(violation("img-src", uri));
  tell(violation("script-src", "https://a.example/x.js"));
  expect(notes()).toEqual([]);
});
