// Runs under the official JavaScript clients: every scenario once, the outcomes as one JSON object.
//   node js_scenarios.mjs <folder with node_modules> <old|new> http://127.0.0.1:7860 FILE
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const [folder, age, base, file] = process.argv.slice(2);
const entry = join(folder, "node_modules", `client-${age}`, "dist", "index.js"); // their "import" entry
const { Client } = await import(pathToFileURL(entry).href);

const client = (path = "") => Client.connect(base + path, { events: ["data", "status"] });
const data = async (call) => (await call).data;

async function errorOf(call) {
  try {
    return ["no error", await call()];
  } catch (error) {
    return [error?.message ?? JSON.stringify(error)];
  }
}

// Follow a submission: the values, the stages, and the last status.
async function follow(job, onStage = () => {}) {
  const seen = { values: [], stages: [], last: null };
  for await (const message of job) {
    if (message.type === "data") seen.values.push(message.data);
    if (message.type === "status") {
      seen.last = {
        stage: message.stage,
        message: message.message ?? null,
        position: message.position ?? null,
      };
      if (seen.stages.at(-1) !== message.stage) seen.stages.push(message.stage);
      await onStage(message);
      if (message.stage === "complete" || message.stage === "error") break;
    }
    if (message.type === "data") await onStage(message);
  }
  return seen;
}

// Follow a submission; `queued` settles when the server has told of its place.
function watch(job, onStage = () => {}) {
  let tell;
  const queued = new Promise((resolve) => (tell = resolve));
  const done = follow(job, (message) => {
    if (message.type === "status" && message.position !== undefined) tell();
    onStage(message);
  });
  return { queued, done };
}

const scenarios = {
  async predict() {
    const app = await client();
    return [await data(app.predict("/echo", ["hi", 5])), await data(app.predict("/echo", ["\u2028ß", 1]))];
  },
  async many() {
    const app = await client();
    const calls = Array.from({ length: 30 }, (_, index) => data(app.predict("/echo", [`n${index}`, index])));
    return (await Promise.all(calls)).map((values) => values[0]);
  },
  async iterate() {
    const app = await client();
    const seen = await follow(app.submit("/letters", ["abcd"]));
    return { values: seen.values.map((values) => values.slice(0, 2)), last: seen.last };
  },
  async view_api() {
    const app = await client();
    return Object.keys((await app.view_api()).named_endpoints).sort();
  },
  async status() {
    const [app, gates, gate] = [await client("/held/"), await client("/gates/"), crypto.randomUUID()];
    const positions = [];
    const first = follow(app.submit("/hold", [gate]));
    await gates.predict("/begun", [gate]);
    const second = watch(app.submit("/hold", [gate]), (message) => {
      if (message.type === "status" && message.position !== undefined) positions.push(message.position);
    });
    await second.queued;
    await gates.predict("/open", [gate]);
    return { positions, last: (await second.done).last.stage, first: (await first).values[0].slice(0, 1) };
  },
  async progress() {
    const app = await client();
    const units = [];
    const seen = await follow(app.submit("/steps", [0.2]), (message) => {
      if (message.progress_data?.length) units.push(message.progress_data[0].desc);
    });
    return { unit: units[0], values: seen.values[0].slice(0, 1), last: seen.last.stage };
  },
  async cancel_running() {
    const app = await client();
    const job = app.submit("/count", [0.05]);
    let cancelled = false;
    const seen = await follow(job, async (message) => {
      if (message.type === "data" && !cancelled) {
        cancelled = true;
        await job.cancel();
      }
    });
    return {
      last: seen.last.stage,
      few: seen.values.length < 40,
      free: await data(app.predict("/echo", ["again", 1])),
    };
  },
  async files() {
    const app = await client();
    const blob = new Blob([await readFile(file)]);
    const [loud] = await data(app.predict("/shout", [new File([blob], "up.txt")]));
    const response = await fetch(loud.url);
    return { text: await response.text(), status: response.status, name: loud.orig_name };
  },
  async state() {
    const [one, two] = [await client(), await client()];
    const said = async (app, word) => (await data(app.predict("/remember", [word])))[0];
    return [await said(one, "a"), await said(one, "b"), await said(two, "c")];
  },
  async errors() {
    const [app, talkative] = [await client(), await client("/open/")];
    return {
      gr: await errorOf(() => app.predict("/fail", ["gr"])),
      plain: await errorOf(() => app.predict("/fail", ["plain"])),
      shown: await errorOf(() => talkative.predict("/fail", ["plain"])),
      after: await data(app.predict("/echo", ["fine", 1])),
    };
  },
  async queue_full() {
    const [app, gates, gate] = [await client("/full/"), await client("/gates/"), crypto.randomUUID()];
    const jobs = [follow(app.submit("/hold", [gate]))];
    await gates.predict("/begun", [gate]);
    const waiting = [watch(app.submit("/hold", [gate])), watch(app.submit("/hold", [gate]))];
    await Promise.all(waiting.map(({ queued }) => queued));
    const refused = await follow(app.submit("/hold", [gate]));
    await gates.predict("/open", [gate]);
    jobs.push(...waiting.map(({ done }) => done));
    return { refused: refused.last, others: (await Promise.all(jobs)).map((seen) => seen.last.stage) };
  },
  async batch() {
    const app = await client();
    return (
      await Promise.all([0, 1, 2, 3, 4, 5].map((number) => data(app.predict("/double", [number]))))
    ).map((v) => v[0]);
  },
  async unqueued() {
    const app = await client();
    return data(app.predict("/direct", ["now", 2]));
  },
  async functionsAlone() {
    const app = await client("/programs/");
    return [
      await data(app.predict("/slices", [3, 5, null])),
      await data(app.predict("/slices", [1, 2, ["x", "y"]])),
    ];
  },
  async undocumented() {
    const app = await client();
    return {
      hidden: await data(app.predict("/hidden", ["psst", 1])),
      private: await errorOf(() => app.predict(13, ["x", 1])),
    };
  },
};

const outcomes = {};
for (const [name, scenario] of Object.entries(scenarios)) {
  let timer;
  const late = new Promise(
    (_, reject) => (timer = setTimeout(() => reject(new Error(`${name} hangs`)), 20000)),
  );
  try {
    outcomes[name] = await Promise.race([scenario(), late]);
  } catch (error) {
    outcomes[name] = { crashed: String(error?.stack ?? JSON.stringify(error)).slice(0, 1500) };
  }
  clearTimeout(timer);
}
console.log(`OUTCOMES ${JSON.stringify(outcomes)}`);
process.exit(0);
