// Runs an official JavaScript client: node client_scenario.mjs <folder with node_modules> <old|new> FILE ADDRESS...
//
// Of each address it calls `greet`, follows `count`, uploads FILE and downloads what `copy` makes of it. Prints one JSON
// object by address. The oldest client sends no cookie with its event streams in Node, so where a login is needed it
// only connects.
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const [folder, age, file, ...addresses] = process.argv.slice(2);
const entry = join(folder, "node_modules", `client-${age}`, "dist", "index.js");
const { Client } = await import(pathToFileURL(entry).href);

async function values(job) {
  const seen = [];
  for await (const message of job) {
    if (message.type === "data") seen.push(message.data[0]);
    if (message.type === "status" && message.stage === "error") throw new Error(message.message);
    if (message.type === "status" && message.stage === "complete") return seen;
  }
}

async function scenario(address) {
  const isPrivate = address.includes("private");
  const app = await Client.connect(address, {
    events: ["data", "status"],
    auth: isPrivate ? ["ann", "secret"] : undefined,
  });
  const endpoints = Object.keys((await app.view_api()).named_endpoints).sort();
  if (isPrivate && age === "old") return { endpoints };
  const found = { endpoints, greet: (await app.predict("/greet", ["Ann"])).data[0] };
  if (!endpoints.includes("/count")) return found;
  found.count = [...new Set(await values(app.submit("/count", [3])))];
  const blob = new Blob([await readFile(file)], { type: "text/plain" });
  const [copy] = (await app.predict("/copy", [blob])).data;
  const answer = await fetch(copy.url); // as anybody would who was told the address
  found.copy = [copy.url.startsWith(address), answer.status, answer.ok ? await answer.text() : ""];
  return found;
}

const outcomes = {};
for (const address of addresses) {
  try {
    outcomes[address] = await scenario(address);
  } catch (error) {
    outcomes[address] = error?.stack ?? JSON.stringify(error);
  }
}
console.log("OUTCOMES " + JSON.stringify(outcomes));
process.exit(0);
