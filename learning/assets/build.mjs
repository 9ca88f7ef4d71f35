// Bundles style sheets, fonts and scripts into one folder, with content hashes in the names, and writes manifest.json.
// Usage: node build.mjs FOLDER SOURCES-DIGEST (deploy/assets.py calls it; where files are served from is not decided here).
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import { copyFileSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { basename, dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import * as esbuild from "esbuild";

const here = dirname(fileURLToPath(import.meta.url));
const packages = join(here, "node_modules");
const [folder, sources] = process.argv.slice(2);

// Regular with its italic, medium and semi-bold: the weights that app.css and KERN ask for. Browsers fetch a subset of
// a weight only when a page holds a character of its range, so a German page costs four files of about 24 kB each.
const FACES = ["400", "400-italic", "500", "600"];

const fonts = {
  name: "fonts",
  setup(build) {
    build.onResolve({ filter: /^fonts$/ }, () => ({ path: "fonts", namespace: "fonts" }));
    build.onLoad({ filter: /.*/, namespace: "fonts" }, () => {
      const sheets = FACES.map((face) => readFileSync(join(packages, "@fontsource/fira-sans", `${face}.css`), "utf8"));
      const contents = sheets.join("\n").replace(/,\s*url\([^)]*\.woff\)\s*format\('woff'\)/g, "");
      return { contents, loader: "css", resolveDir: join(packages, "@fontsource/fira-sans") };
    });
  },
};

const shared = { bundle: true, minify: true, target: "esnext", legalComments: "none", metafile: true, logLevel: "warning" };
const hashed = { outdir: folder, entryNames: "[name]-[hash]", assetNames: "fonts/[name]-[hash]" };
const styles = await esbuild.build({
  ...shared,
  ...hashed,
  stdin: { contents: '@import "fonts"; @import "@kern-ux/native/dist/kern.min.css"; @import "./app.css"; @import "./work.css";', loader: "css", resolveDir: here, sourcefile: "entry.css" },
  entryNames: "app-[hash]",
  loader: { ".woff2": "file" },
  plugins: [fonts],
});
const icon = await esbuild.build({ ...shared, ...hashed, entryPoints: [join(here, "icon.svg")], loader: { ".svg": "copy" } });
const scripts = await esbuild.build({ ...shared, ...hashed, entryPoints: [join(here, "modules/app.js")], format: "esm" });

// The manifest answers "which file is app.css now?"; fonts keep their package's name, for example fira-sans-latin-400-normal.woff2.
const files = {};
for (const path of [styles, scripts, icon].flatMap((built) => Object.keys(built.metafile.outputs))) {
  const name = relative(folder, path).replaceAll("\\", "/");
  files[name.replace(/-[A-Z0-9]{8}(?=\.\w+$)/, "")] = name;
}

// Fonts are compressed by their format; style sheet and scripts get both encodings beside them.
for (const name of Object.values(files).filter((name) => /\.(css|js)$/.test(name))) {
  const bytes = readFileSync(join(folder, name));
  writeFileSync(join(folder, `${name}.gz`), gzipSync(bytes, { level: 9 }));
  writeFileSync(join(folder, `${name}.br`), brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }));
}

// Licences of what is inside travel with it; the npm package of KERN brings no licence for the fonts, theirs does.
const licences = join(folder, "licences");
mkdirSync(licences, { recursive: true });
const version = (name) => JSON.parse(readFileSync(join(packages, name, "package.json"), "utf8")).version;
copyFileSync(join(packages, "@kern-ux/native/LICENSE.md"), join(licences, "KERN-UX-EUPL-1.2.md"));
copyFileSync(join(packages, "@fontsource/fira-sans/LICENSE"), join(licences, "Fira-Sans-OFL-1.1.txt"));
writeFileSync(
  join(licences, "THIRD-PARTY.md"),
  `# Third-party work in these files

| part | version | in | licence | text |
|---|---|---|---|---|
| KERN UX (\`@kern-ux/native\`), © its contributors | ${version("@kern-ux/native")} | ${files["app.css"]} | EUPL-1.2 | KERN-UX-EUPL-1.2.md |
| Fira Sans (\`@fontsource/fira-sans\`), digitized data copyright © 2012-2015, The Mozilla Foundation and Telefonica S.A. | ${version("@fontsource/fira-sans")} | fonts/ | SIL OFL 1.1, no reserved font name declared | Fira-Sans-OFL-1.1.txt |

KERN's style sheet and the fonts are unmodified; the style sheet is bundled with Impuls' own and minified.
`,
);
writeFileSync(join(folder, "manifest.json"), JSON.stringify({ sources, files }, null, 1) + "\n");
