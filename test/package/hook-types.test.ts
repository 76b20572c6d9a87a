import { writeFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Consumer, installPackage } from "./install-package.ts";

const HOOK_CALLS = {
  useSyncProgress: 'useSyncProgress("a")',
  useStartSync: 'useStartSync("gmail")',
  useSyncFailures: 'useSyncFailures("a")',
  useIntegrations: "useIntegrations()",
  useActiveSyncs: "useActiveSyncs()",
  useSyncAll: "useSyncAll()",
  useSyncHistory: "useSyncHistory()",
  useSyncNotifications: "useSyncNotifications()",
  useAutoClose: "useAutoClose(result0, { onClose() {} })",
};

let consumer: Consumer;
let services: ts.LanguageService;
let file: string;
let code: string;

/** An editor with a file open in which every hook is called and its result is looked into. */
beforeAll(() => {
  consumer = installPackage();
  file = join(consumer.folder, "app.ts");
  const calls = Object.values(HOOK_CALLS).map((call, index) => `const result${index} = ${call};`);
  code = `import { ${Object.keys(HOOK_CALLS).join(", ")} } from "react-sync-progress";\n${calls.join("\n")}\n`;
  writeFileSync(file, code);
  const options: ts.CompilerOptions = {
    strict: true,
    exactOptionalPropertyTypes: true,
    module: ts.ModuleKind.ESNext,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
    noErrorTruncation: true,
    types: [],
  };
  services = ts.createLanguageService({
    ...ts.sys,
    useCaseSensitiveFileNames: () => ts.sys.useCaseSensitiveFileNames,
    getCompilationSettings: () => options,
    getScriptFileNames: () => [file],
    getScriptVersion: () => "1",
    getScriptSnapshot: (path) => ts.ScriptSnapshot.fromString(ts.sys.readFile(path) ?? ""),
    getCurrentDirectory: () => consumer.folder,
    getDefaultLibFileName: ts.getDefaultLibFilePath,
  });
});
afterAll(() => consumer.remove());

/** What an editor shows of the name at this place in the file. */
function hover(at: number): string {
  const info = services.getQuickInfoAtPosition(file, at);
  return ts.displayPartsToString(info?.displayParts);
}

interface Field {
  readonly name: string;
  readonly type: string;
  readonly documentation: string;
}

function fieldsOfResult(variable: string): readonly Field[] {
  const program = services.getProgram();
  const source = program?.getSourceFile(file);
  const checker = program?.getTypeChecker();
  const found = source?.statements
    .flatMap((statement) => (ts.isVariableStatement(statement) ? statement.declarationList.declarations : []))
    .find((declaration) => declaration.name.getText() === variable);
  if (checker === undefined || found === undefined) throw new Error(`there is no ${variable}`);
  return checker
    .getTypeAtLocation(found)
    .getProperties()
    .map((property) => ({
      name: property.name,
      type: checker.typeToString(checker.getTypeOfSymbol(property)),
      documentation: ts.displayPartsToString(property.getDocumentationComment(checker)),
    }));
}

const COMPUTED = /\b(Omit|Pick|Partial|Exclude|Extract|ReturnType)</;

it("is looked at for every hook that has a result of its own", async () => {
  const names = Object.keys(await import("react-sync-progress/headless")).filter((name) => name.startsWith("use"));
  expect(names.filter((name) => name !== "useSyncClient").sort()).toEqual(Object.keys(HOOK_CALLS).sort());
});

describe.each(Object.keys(HOOK_CALLS).map((name, index) => [name, `result${index}`]))(
  "an editor shows of the result of %s",
  (_, variable) => {
    it("types that can be read", () => {
      const fields = fieldsOfResult(variable);
      expect(fields.length).toBeGreaterThan(1);
      for (const text of [hover(code.indexOf(variable)), ...fields.map(({ type }) => type)]) {
        expect(text).not.toBe("");
        expect(text).not.toMatch(COMPUTED);
        expect(text).not.toMatch(/\bany\b/);
      }
    });

    it("what each field of its result means", () => {
      const silent = fieldsOfResult(variable).filter(({ documentation }) => documentation === "");
      expect(silent.map((field) => field.name)).toEqual([]);
    });
  },
);

it("declares the fields of a sync's progress one by one, in the type that the hook's signature names", () => {
  expect(hover(code.indexOf("= useSyncProgress(") + 2)).toContain("): SyncProgressState");
  const at = code.indexOf("result0");
  const [definition] = services.getTypeDefinitionAtPosition(file, at) ?? [];
  const source = definition && services.getProgram()?.getSourceFile(definition.fileName);
  const { textSpan, contextSpan = textSpan } = definition ?? { textSpan: { start: 0, length: 0 } };
  const declaration = source?.text.slice(contextSpan.start, contextSpan.start + contextSpan.length) ?? "";
  expect(declaration).toMatch(/^(export )?(interface|type) SyncProgressState/);
  expect(declaration).not.toMatch(COMPUTED);
});
