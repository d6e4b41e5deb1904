// Runs under the official JavaScript client: node js_auth.mjs <folder with node_modules> <old|new> ADDRESS FILE
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const [folder, age, base, file] = process.argv.slice(2);
const entry = join(folder, "node_modules", `client-${age}`, "dist", "index.js");
const { Client } = await import(pathToFileURL(entry).href);
const client = (auth) => Client.connect(base, { auth, events: ["data", "status"] });

async function errorOf(call) {
  try {
    await call();
    return "no error";
  } catch (error) {
    return error?.message ?? JSON.stringify(error);
  }
}

const outcomes = {
  wrong: await errorOf(() => client(["ann", "wrong"])),
  missing: await errorOf(() => client(undefined)),
};
const ann = await client(["ann", "secret"]);
outcomes.connected = Object.keys((await ann.view_api()).named_endpoints);
if (age === "new") {
  outcomes.right = (await ann.predict("/who", ["hi"])).data;
  const seen = [];
  for await (const message of ann.submit("/letters", ["abc"])) {
    if (message.type === "data") seen.push(message.data[0]);
    if (message.type === "status" && message.stage === "complete") break;
  }
  outcomes.letters = seen;
  const blob = new Blob([await readFile(file)], { type: "text/plain" });
  const [loud] = (await ann.predict("/shout", [blob])).data;
  outcomes.file = loud.orig_name ?? loud.path;
}
console.log("OUTCOMES", JSON.stringify(outcomes));
process.exit(0);
