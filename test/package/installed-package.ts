import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

export const project = fileURLToPath(new URL("../..", import.meta.url));

const PEERS_AND_TYPES = ["react", "react-dom", "hono", "msw", "@radix-ui", "@types", "csstype", "eventsource"];

/** The package as npm would publish it, in the node_modules of an app that has the peers. */
export interface InstalledPackage {
  /** The app's folder. */
  readonly folder: string;
  /** The package's folder in it. */
  readonly installed: string;
  /** The object that a script in the app gives to `print`. It has `load`, which imports or requires a package. */
  run(how: "import" | "require", script: string): Record<string, unknown>;
  /** Every file that these files of the package lead to, themselves included. */
  filesFrom(paths: readonly string[]): ReadonlySet<string>;
  remove(): void;
}

/** Packs the built package, building it where it was never built. */
export function installPackage(): InstalledPackage {
  if (!existsSync(join(project, "dist/index.js"))) execFileSync("tsup", ["--silent"], { cwd: project });
  const folder = mkdtempSync(join(tmpdir(), "consumer-"));
  const pack = execFileSync("npm", ["pack", "--json", "--ignore-scripts", "--pack-destination", folder], {
    cwd: project,
  });
  const tarball = JSON.parse(pack.toString());
  const [{ filename }] = Array.isArray(tarball) ? tarball : Object.values<{ filename: string }>(tarball);
  const installed = join(folder, "node_modules", "react-sync-progress");
  mkdirSync(installed, { recursive: true });
  execFileSync("tar", ["-xzf", join(folder, filename), "-C", installed, "--strip-components=1"]);
  for (const name of PEERS_AND_TYPES) {
    symlinkSync(join(project, "node_modules", name), join(folder, "node_modules", name));
  }
  writeFileSync(join(folder, "package.json"), JSON.stringify({ name: "consumer", type: "module" }));

  return {
    folder,
    installed,
    run(how, script) {
      const prelude = `import { createRequire } from "node:module";
        const load = ${how === "require" ? "createRequire(import.meta.url)" : "(name) => import(name)"};
        const print = (value) => console.log(JSON.stringify(value));`;
      const output = execFileSync("node", ["--input-type=module", "-e", `${prelude}\n${script}`], { cwd: folder });
      return JSON.parse(output.toString());
    },
    filesFrom(paths) {
      const reached = new Set<string>();
      const follow = (file: string) => {
        if (reached.has(file)) return;
        reached.add(file);
        if (/\.(js|cjs|ts|cts)$/.test(file)) importsOf(file).forEach(follow);
      };
      for (const path of paths) follow(join(installed, path));
      return reached;
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** The files that a file of JavaScript or of types imports, requires or exports from. */
function importsOf(file: string): string[] {
  const code = readFileSync(file, "utf8");
  const paths = [...code.matchAll(/(?:from |import |require\()["'](\.[^"']+)["']/g)].map(([, path = ""]) => path);
  // Types say `./a.js` and mean `./a.d.ts`.
  return paths.map((path) => join(file, "..", /\.d\.c?ts$/.test(file) ? path.replace(/(c?)js$/, "d.$1ts") : path));
}
