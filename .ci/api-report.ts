import { readFileSync } from "node:fs";
import { mkdir, readdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import ts from "typescript";

/**
 * Writes docs/api: every public name of every entry with its type, as the built declarations have it. `npm run api`
 * writes, `npm test` compares, so that no change of the public surface goes unseen.
 */

const project = fileURLToPath(new URL("..", import.meta.url));
export const API_FOLDER = join(project, "docs/api");

interface Entry {
  /** What an application imports: `react-sync-progress/headless`. */
  readonly specifier: string;
  /** The report's file in docs/api. */
  readonly file: string;
  readonly declarations: string;
}

const { name, exports }: { name: string; exports: Record<string, { import?: { types?: string } }> } = JSON.parse(
  readFileSync(join(project, "package.json"), "utf8"),
);

const ENTRIES: readonly Entry[] = Object.entries(exports).flatMap(([path, { import: imported }]) =>
  imported?.types === undefined
    ? []
    : [
        {
          specifier: join(name, path),
          file: `${path === "." ? "main" : path.slice(2).replaceAll("/", "-")}.api.md`,
          declarations: join(project, imported.types),
        },
      ],
);

/** The reports by file name, from the declarations in `dist/`. */
export function readApiReports(): ReadonlyMap<string, string> {
  const program = ts.createProgram(
    ENTRIES.map(({ declarations }) => declarations),
    { module: ts.ModuleKind.ESNext, moduleResolution: ts.ModuleResolutionKind.Bundler, types: [] },
  );
  const checker = program.getTypeChecker();
  const exported = new Map(ENTRIES.map((entry) => [entry, readExports(program, checker, entry)]));
  const everywhere = new Set([...exported.values()].flatMap((names) => [...names.values()]));
  const headless = new Map(
    [...exported].flatMap(([{ file }, names]) => (file === "headless.api.md" ? [...names] : [])),
  );
  return new Map(
    [...exported].map(([entry, names]) => {
      const shared = entry.file === "main.api.md" ? headless : new Map<string, ts.Symbol>();
      return [entry.file, printReport({ checker, entry, names, shared, everywhere })];
    }),
  );
}

function readExports(program: ts.Program, checker: ts.TypeChecker, entry: Entry): ReadonlyMap<string, ts.Symbol> {
  const source = program.getSourceFile(entry.declarations);
  const module = source && checker.getSymbolAtLocation(source);
  if (module === undefined) throw new Error(`${entry.declarations} is missing or exports nothing: run npm run build.`);
  return new Map(
    checker
      .getExportsOfModule(module)
      .map((symbol): [string, ts.Symbol] => [symbol.name, resolveAlias(checker, symbol)])
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );
}

interface Report {
  readonly checker: ts.TypeChecker;
  readonly entry: Entry;
  readonly names: ReadonlyMap<string, ts.Symbol>;
  /** Names that the report of the headless entry describes. */
  readonly shared: ReadonlyMap<string, ts.Symbol>;
  /** What any entry exports. */
  readonly everywhere: ReadonlySet<ts.Symbol>;
}

function printReport({ checker, entry, names, shared, everywhere }: Report): string {
  const own = [...names].filter(([exportName]) => !shared.has(exportName));
  const values = [...names.values()].filter((symbol) => (symbol.flags & ts.SymbolFlags.Value) !== 0).length;
  const inner = findUnexported(checker, names, everywhere);
  const lines = [
    `# ${entry.specifier}`,
    "",
    `Exports: ${names.size} (${values} values, ${names.size - values} types).`,
  ];
  if (own.length < names.size) {
    lines.push("", `${names.size - own.length} of them are in headless.api.md, too.`);
  }
  lines.push("", "## Exports", "", fence(own.map(([exportName, symbol]) => printSymbol(exportName, symbol))));
  if (inner.length > 0) {
    lines.push(
      "",
      "## Used by these, not exported",
      "",
      fence(inner.map((symbol) => printSymbol(symbol.name, symbol))),
    );
  }
  return `${lines.join("\n")}\n`;
}

const fence = (blocks: readonly string[]) => `\`\`\`ts\n${blocks.join("\n\n")}\n\`\`\``;

const printer = ts.createPrinter({ removeComments: true });

function printSymbol(exportName: string, symbol: ts.Symbol): string {
  const declared = (symbol.declarations ?? []).map((declaration) => {
    // A constant is declared inside of a list of variables inside of a statement.
    const node = ts.isVariableDeclaration(declaration) ? declaration.parent.parent : declaration;
    return printer.printNode(ts.EmitHint.Unspecified, node, declaration.getSourceFile()).replace(/^export /, "");
  });
  const renamed = symbol.name === exportName ? "" : `// ${symbol.name} as ${exportName}\n`;
  return renamed + declared.join("\n");
}

/** What the exported declarations mention, and what that mentions, without being exported by any entry. */
function findUnexported(
  checker: ts.TypeChecker,
  names: ReadonlyMap<string, ts.Symbol>,
  everywhere: ReadonlySet<ts.Symbol>,
): readonly ts.Symbol[] {
  const found = new Set(names.values());
  const visit = (node: ts.Node): void => {
    if (ts.isIdentifier(node)) {
      const symbol = checker.getSymbolAtLocation(node);
      const target = symbol && resolveAlias(checker, symbol);
      if (target !== undefined && isOurs(target) && !everywhere.has(target)) found.add(target);
    }
    ts.forEachChild(node, visit);
  };
  // A set is iterated over what is added meanwhile, too.
  for (const symbol of found) symbol.declarations?.forEach(visit);
  return [...found].filter((symbol) => !everywhere.has(symbol)).sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** Whether a symbol is declared at the top of a file of the package. */
function isOurs(symbol: ts.Symbol): boolean {
  const [declaration] = symbol.declarations ?? [];
  if (declaration === undefined || !declaration.getSourceFile().fileName.startsWith(join(project, "dist")))
    return false;
  const statement = ts.isVariableDeclaration(declaration) ? declaration.parent.parent : declaration;
  return ts.isSourceFile(statement.parent);
}

function resolveAlias(checker: ts.TypeChecker, symbol: ts.Symbol): ts.Symbol {
  return (symbol.flags & ts.SymbolFlags.Alias) === 0 ? symbol : checker.getAliasedSymbol(symbol);
}

if (import.meta.main) {
  await mkdir(API_FOLDER, { recursive: true });
  await Promise.all((await readdir(API_FOLDER)).map((file) => rm(join(API_FOLDER, file))));
  for (const [file, report] of readApiReports()) await writeFile(join(API_FOLDER, file), report);
}
