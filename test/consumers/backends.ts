import type { Workspace } from "./workspace.ts";

/** A server of an application: our routes and the built page. */
interface Backend {
  /** What it needs from the npm registry. */
  readonly packages: readonly string[];
  readonly examples: readonly string[];
  readonly main: string;
}

const READY = `() => void process.stdout.write("Ready\\n")`;

const BACKENDS = {
  express: {
    packages: ["hono", "@hono/node-server@2", "express@5", "@types/express@5"],
    examples: ["syncs.ts", "mount-express.ts"],
    main: `
      import express from "express";
      import { createExpressApp } from "./mount-express.ts";
      import { getSyncs } from "./syncs.ts";
      const app = createExpressApp(getSyncs().routes);
      app.use(express.static("dist"));
      app.listen(Number(process.env["PORT"]), ${READY});
    `,
  },
  fastify: {
    packages: ["hono", "@hono/node-server@2", "fastify@5", "@fastify/static"],
    examples: ["syncs.ts", "mount-fastify.ts"],
    main: `
      import { resolve } from "node:path";
      import serveStatic from "@fastify/static";
      import { createFastifyApp } from "./mount-fastify.ts";
      import { getSyncs } from "./syncs.ts";
      const app = createFastifyApp(getSyncs().routes);
      app.register(serveStatic, { root: resolve("dist") });
      app.listen({ port: Number(process.env["PORT"]) }, ${READY});
    `,
  },
  hono: {
    packages: ["hono", "@hono/node-server@2"],
    examples: ["syncs.ts"],
    main: `
      import { serve } from "@hono/node-server";
      import { serveStatic } from "@hono/node-server/serve-static";
      import { Hono } from "hono";
      import { getSyncs } from "./syncs.ts";
      const app = new Hono();
      app.route("/", getSyncs().routes);
      app.use("/*", serveStatic({ root: "dist" }));
      serve({ fetch: app.fetch, port: Number(process.env["PORT"]) }, ${READY});
    `,
  },
} satisfies Record<string, Backend>;

export type BackendName = keyof typeof BACKENDS;

/** What a backend needs from the npm registry. */
export function packagesOf(name: BackendName): readonly string[] {
  return BACKENDS[name].packages;
}

/** Writes the server of an application, from the examples of the documentation. Returns the command that starts it. */
export function writeBackend(workspace: Workspace, name: BackendName): readonly [string, ...string[]] {
  const { examples, main } = BACKENDS[name];
  workspace.copyExamples("server", ...examples);
  workspace.write("server/main.ts", main);
  return ["node", "server/main.ts"];
}
