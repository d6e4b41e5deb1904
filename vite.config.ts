/**
 * Builds the page: frontend/main.ts, the shared module "blocks", and one module per component and layout, into
 * blocks_app/static/blocks_app/ with a manifest that blocks_app/page/assets.py reads.
 *
 * "blocks" stays a bare import in every module and is resolved by the page's import map, for ours and for third
 * parties' modules alike; therefore it is one module with stable export names, and a change of a component changes
 * no other file's hash.
 *
 * A second build of the same sources, with embed.json for its manifest, is for apps in pages of a site: there "blocks" is
 * a file like others, as such a page has no import map of ours, and each module sees the app's `document` instead of the
 * page's (frontend/embed/context.ts).
 */
import { createHash } from "node:crypto";
import {
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { brotliCompress, constants, gzip } from "node:zlib";
import { Visitor, build, defineConfig, parseAst, type ESTree, type Plugin, type UserConfig } from "vite";

const app = resolve(import.meta.dirname, "blocks_app");
const publicModule = join(app, "frontend/blocks.ts");
const testing = !!process.env.VITEST;

/** Elements of nearly every page: they travel in the core's file, one request instead of one each. */
const together = [
  "components/button",
  "components/textbox",
  "layouts/column",
  "layouts/form",
  "layouts/group",
  "layouts/row",
].map((name) => `blocks_app/${name}.ts`);

/**
 * Entry points: the core and every other .ts file of the component and layout folders. Of a component that is a package
 * of its own, such as components/chatbot/, the file that is called as the folder.
 */
function entries(embedded: boolean): Record<string, string> {
  const found: Record<string, string> = { main: join(app, "frontend/main.ts"), blocks: publicModule };
  if (!embedded) found.settings = join(app, "frontend/settings.ts");
  if (!embedded) found.mending = join(app, "frontend/mending.ts");
  if (!embedded) found.api_page = join(app, "frontend/api_page.ts");
  if (!embedded) found.embed = join(app, "frontend/embed/loader.ts");
  for (const folder of ["components", "layouts"])
    for (const entry of readdirSync(join(app, folder), { withFileTypes: true })) {
      const name = entry.name.replace(/\.ts$/, "");
      const file = `${folder}/${entry.isDirectory() ? `${name}/${name}` : name}.ts`;
      if (!/^[a-z][a-z0-9_]*$/.test(name) || !existsSync(join(app, file))) continue;
      if (!together.includes(`blocks_app/${file}`)) found[name] = join(app, file);
    }
  return found;
}

/** Replaces `icon("copy")` by the markup of that Lucide icon, so that a module carries only the icons it draws. */
function icons(): Plugin {
  const folder = join(import.meta.dirname, "node_modules/lucide-static/icons");
  const markup = (name: string): string => {
    const path = join(folder, `${name}.svg`);
    if (!existsSync(path)) throw new Error(`There is no Lucide icon "${name}" in ${folder}.`);
    const inner = /<svg[^>]*>([\s\S]*)<\/svg>/.exec(readFileSync(path, "utf8"))![1];
    return JSON.stringify(inner.replace(/\s*\n\s*/g, "").replace(/ \/>/g, "/>"));
  };
  return {
    name: "blocks-icons",
    enforce: "pre",
    transform(code, id) {
      if (!id.startsWith(app) || !/\.ts$/.test(id) || id.endsWith("/blocks.ts")) return;
      const inlined = code.replace(/\bicon\("([a-z0-9-]+)"\)/g, (_, name: string) => `icon(${markup(name)})`);
      return inlined === code ? undefined : { code: inlined, map: null };
    },
  };
}

/** Takes the indentation out of templates: between tags one space draws the same as a line break with many. */
function templates(): Plugin {
  return {
    name: "blocks-templates",
    apply: "build",
    transform(code, id) {
      if (!id.startsWith(app) || !/\.ts$/.test(id) || !/\b(html|svg)`/.test(code)) return;
      const texts: ESTree.TemplateElement[] = [];
      new Visitor({
        TaggedTemplateExpression({ tag, quasi }) {
          if (tag.type === "Identifier" && /^(html|svg)$/.test(tag.name)) texts.push(...quasi.quasis);
        },
      }).visit(parseAst(code, { lang: "ts" }));
      texts.sort((one, other) => other.start - one.start); // from the end, as each one moves what comes after it
      const spare = (text: string): string => text.replace(/\n\s+/g, " ");
      for (const { start, end } of texts)
        code = code.slice(0, start) + spare(code.slice(start, end)) + code.slice(end);
      return { code, map: null };
    },
  };
}

/** Names of all classes in our style sheets: markup of others may not use them. */
function ownClasses(): string {
  const names = new Set<string>();
  for (const folder of ["frontend", "components", "layouts"])
    for (const file of readdirSync(join(app, folder), { encoding: "utf8", recursive: true }).filter((name) =>
      name.endsWith(".css"),
    ))
      for (const [, name] of readFileSync(join(app, folder, file), "utf8").matchAll(/\.(-?[a-z_][\w-]*)/gi))
        names.add(name);
  return [...names].sort().join(" ");
}

/** What modules of an embedded app get from embed/context.ts instead of from the browser. */
const replaced = [
  ..."addEventListener customElements document globalThis HTMLElement location".split(" "),
  ..."removeEventListener sessionStorage WebSocket window".split(" "),
];

/**
 * lit for an app in a site's page: `style="…"` of templates is set by the property, as a strict policy allows no style
 * attributes, and what templates make is made by the app.
 */
function litEmbedded(code: string, context: string): string {
  const changes = [
    [
      'this.element.setAttribute(this.name,t??"")',
      (was: string) => `(this.name==="style"?this.element.style.cssText=t??"":${was})`,
    ],
    ["creationScope??", () => "creationScope??embeddedDocument??"],
  ] as const;
  for (const [was, by] of changes) {
    if (!code.includes(was)) throw new Error(`lit-html has changed: ${was} is not in it any more.`);
    code = code.replace(was, by(was));
  }
  return `import { document as embeddedDocument } from ${JSON.stringify(context)};\n${code}`;
}

/** Gives our modules, and the base of all elements, the names of the app that they draw. */
function embedding(): Plugin {
  const context = join(app, "frontend/embed/context.ts");
  const own = /^(?!.*\/frontend\/embed\/).*\.ts$/;
  return {
    name: "blocks-embedding",
    apply: "build",
    transform(code, id) {
      if (id.endsWith("/lit-html/lit-html.js")) return { code: litEmbedded(code, context), map: null };
      const ours = id.startsWith(app) && own.test(id);
      if (!ours && !id.endsWith("/@lit/reactive-element/reactive-element.js")) return;
      const names = replaced.filter((name) => new RegExp(`(?<![.\\w$])${name}\\b(?!\\s*:)`).test(code));
      const fetched = code.replace(
        /import\((\s*\/\* @vite-ignore \*\/\s*)([^()]+)\)/g,
        (_, comment: string, address: string) => `import(${comment}ownAddress(${address}))`,
      );
      if (fetched !== code) names.push("ownAddress");
      if (!names.length) return;
      return {
        code: `import { ${names.join(", ")} } from ${JSON.stringify(context)};\n${fetched}`,
        map: null,
      };
    },
  };
}

/** Builds once more for embedded apps. */
function again(): Plugin {
  return {
    name: "blocks-embedded-build",
    apply: "build",
    async closeBundle() {
      await build({ configFile: import.meta.filename, mode: "embed", logLevel: "warn" });
    },
  };
}

/** Leaves `from "blocks"` in the built modules, for the import map; embedded apps have none. */
function importMap(embedded: boolean): Plugin {
  return {
    name: "blocks-import-map",
    enforce: "pre",
    resolveId(source, importer) {
      if (source.includes("vite/preload-helper") && importer?.endsWith("/embed/loader.ts"))
        return join(app, "frontend/embed/no_preload.ts");
      // Vite's helper around import() is larger than most components; ours only links a chunk's css
      if (source.includes("vite/preload-helper"))
        return testing ? undefined : embedded ? publicModule : { id: "blocks", external: true };
      if (source === "blocks") return testing || embedded ? publicModule : { id: "blocks", external: true };
      if (source.startsWith("blocks/")) return join(app, `frontend/shared/${source.slice(7)}.ts`);
      if (source.endsWith("/css-tag.js")) return join(app, "frontend/no_styles.ts");
      if (importer?.startsWith(app) && /^lit($|\/)/.test(source) && !importer.includes("/frontend/"))
        this.error(
          `${importer} imports "${source}"; import it from "blocks", so that the page has one copy of lit.`,
        );
      return undefined;
    },
  };
}

/** Packs the elements of `together` with the core and tells blocks_app/page/assets.py; the core's source knows no element. */
function pack(): Plugin {
  return {
    name: "blocks-together",
    apply: "build",
    enforce: "pre",
    transform(code, id) {
      if (!id.endsWith("/frontend/main.ts")) return;
      const imports = together.map((path) => `import "${join(import.meta.dirname, path)}";`);
      return { code: `${code}\n${imports.join("\n")}\n`, map: null };
    },
    generateBundle() {
      this.emitFile({ type: "asset", fileName: "together.json", source: JSON.stringify(together) });
    },
  };
}

/** `preload(() => import(…), [], …)` that has no style sheet to link is the import itself; it stands in every module. */
function plainImports(): Plugin {
  const inner = String.raw`(?:[^()]|\((?:[^()]|\((?:[^()]|\([^()]*\))*\))*\))*`;
  const helped = new RegExp(
    String.raw`\b[\w$]+\(\(\)=>(import\(\s*[^()]+\)(?:\.then\(${inner}\))?),\[\],import\.meta\.url\)`,
    "g",
  );
  return {
    name: "blocks-plain-imports",
    apply: "build",
    generateBundle: {
      order: "post",
      handler(_, bundle) {
        for (const item of Object.values(bundle))
          if (item.type === "chunk") item.code = item.code.replace(helped, "$1");
      },
    },
  };
}

/** What has been compressed before, by the hash of what it was made of: nearly nothing changes from build to build. */
const compressed = join(import.meta.dirname, ".make/compressed");
const packers = {
  gz: (source: Buffer) => promisify(gzip)(source, { level: 9 }),
  br: (source: Buffer) =>
    promisify(brotliCompress)(source, {
      params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: source.length },
    }),
};

async function packed(source: Buffer, ending: keyof typeof packers): Promise<Buffer> {
  const kept = join(compressed, `${createHash("sha256").update(source).digest("hex")}.${ending}`);
  if (existsSync(kept)) return readFileSync(kept);
  const result = await packers[ending](source);
  const unfinished = `${kept}.${process.pid}`;
  writeFileSync(unfinished, result);
  renameSync(unfinished, kept);
  return result;
}

/** Forgets what has been there for weeks. */
function prune(): void {
  const weeks = Date.now() - 21 * 24 * 3600 * 1000;
  for (const path of readdirSync(compressed).map((name) => join(compressed, name)))
    if (statSync(path).mtimeMs < weeks) rmSync(path, { force: true });
}

/** Writes .gz and .br beside each text file, so that the server never compresses. */
function compress(): Plugin {
  return {
    name: "blocks-compress",
    apply: "build",
    generateBundle: {
      order: "post",
      async handler(_, bundle) {
        mkdirSync(compressed, { recursive: true });
        prune();
        const sources = Object.entries(bundle)
          .filter(([name]) => /\.(js|css|svg|json)$/.test(name) && !name.startsWith(".vite"))
          .map(
            ([name, item]) => [name, Buffer.from(item.type === "chunk" ? item.code : item.source)] as const,
          )
          .filter(([, source]) => source.length >= 300)
          .sort(([, one], [, other]) => other.length - one.length); // the longest first, several at a time
        const pack = async (name: string, source: Buffer, ending: keyof typeof packers): Promise<void> => {
          this.emitFile({
            type: "asset",
            fileName: `${name}.${ending}`,
            source: await packed(source, ending),
          });
        };
        await Promise.all(
          sources.flatMap(([name, source]) => [pack(name, source, "br"), pack(name, source, "gz")]),
        );
      },
    },
  };
}

export default defineConfig(({ mode }) => {
  const embedded = mode === "embed";
  return {
    root: import.meta.dirname,
    base: "./",
    publicDir: false,
    define: { OWN_CLASSES: JSON.stringify(ownClasses()) },
    plugins: [
      importMap(embedded),
      icons(),
      templates(),
      pack(),
      plainImports(),
      compress(),
      embedded ? embedding() : again(),
    ],
    build: {
      outDir: join(app, "static/blocks_app"),
      emptyOutDir: !embedded,
      manifest: embedded ? "embed.json" : "manifest.json",
      assetsDir: "",
      target: "es2022",
      // frontend/preload.ts links style sheets; modules come by themselves
      modulePreload: {
        polyfill: false,
        resolveDependencies: (_, files) => files.filter((file) => file.endsWith(".css")),
      },
      cssCodeSplit: true,
      reportCompressedSize: false,
      chunkSizeWarningLimit: 900, // vega: one file, as who draws a chart needs all of it, and two would come one after the other
      rollupOptions: {
        checks: { bundlerTimings: false }, // a busy machine is no news
        input: entries(embedded),
        preserveEntrySignatures: "strict",
        output: {
          entryFileNames: "[name]-[hash].js",
          chunkFileNames: "[name]-[hash].js",
          assetFileNames: "[name]-[hash][extname]",
        },
      },
    },
    test: {
      environment: "happy-dom",
      testTimeout: 30_000, // the first use of a library reads and compiles it, which takes its time on a busy machine
      pool: "threads",
      // Components share a page there, as they do in life: making one for each file takes longer than its tests.
      projects: [
        { extends: true, test: { name: "page", include: ["tests/frontend/*.test.ts"] } },
        {
          extends: true,
          test: { name: "components", include: ["tests/frontend/*/**/*.test.ts"], isolate: false },
        },
      ],
    },
  } as UserConfig;
});
