import { join } from "node:path";
import { serveStatic } from "@hono/node-server/serve-static";
import { Hono } from "hono";
import {
  createSyncRoutes,
  createSyncService,
  type IntegrationDefinition,
  type SyncService,
} from "react-sync-progress/server";
import { type Connector, ownerOf, syncConnector } from "./connectors/connector.js";
import { createFolderConnector } from "./connectors/folder.js";
import { createGitConnector } from "./connectors/git.js";
import { createMailboxConnector } from "./connectors/mailbox.js";
import { DocumentLibrary } from "./documents.js";
import { createSessions, DEMO_USERS } from "./session.js";

export interface DemoAppOptions {
  /** The project's folder: what is synced lies below it. */
  readonly projectFolder: string;
  /** The built web app. */
  readonly webFolder: string;
  /** Where the demo keeps its session key. */
  readonly dataFolder: string;
  readonly onError: (error: unknown) => void;
}

/** The whole demo behind one fetch handler: the sync API, sign-in, search, and the web app. */
export function createDemoApp({ projectFolder, webFolder, dataFolder, onError }: DemoAppOptions) {
  const library = new DocumentLibrary();
  const sessions = createSessions(dataFolder);
  const service: SyncService = createSyncService({ onError });

  const folder = process.env["DEMO_FOLDER"];
  const roots = folder === undefined ? ["README.md", "docs", "demo/data/folder", "node_modules"] : [folder];
  const demoFolder = createFolderConnector(
    projectFolder,
    roots.map((root) => join(projectFolder, root)),
  );
  const mailbox = process.env["DEMO_MAILBOX"] ?? join(projectFolder, "demo/data/sample.mbox");

  const app = new Hono();
  app.get("/api/demo/users", (context) => context.json(DEMO_USERS));
  app.get("/api/demo/session", (context) => context.json(sessions.read(context.req.raw)));
  app.post("/api/demo/session/:userId", (context) => {
    const user = DEMO_USERS.find(({ userId }) => userId === context.req.param("userId"));
    if (user === undefined) return context.json({ success: false, error: "There is no such user." }, 404);
    context.header("set-cookie", sessions.cookieFor(user));
    return context.json(user);
  });
  app.delete("/api/demo/session", (context) => {
    context.header("set-cookie", sessions.cookieFor(null));
    return context.body(null, 204);
  });
  app.get("/api/demo/stats", (context) => context.json(service.stats()));
  app.get("/api/search", (context) => {
    const user = sessions.read(context.req.raw);
    if (user === null) return context.json({ success: false, error: "Sign in to search." }, 401);
    const query = (context.req.query("q") ?? "").slice(0, 200);
    return context.json({ success: true, hits: query.trim() === "" ? [] : library.search(ownerOf(user), query) });
  });
  app.route(
    "/",
    createSyncRoutes({
      service,
      authenticate: (request) => sessions.read(request),
      onError,
      integrations: [
        definition(
          "folder",
          "Folder",
          "Markdown, text and HTML of this project and its dependencies",
          "📁",
          demoFolder,
        ),
        definition("git", "Git", "The history of this repository", "🌿", createGitConnector(projectFolder)),
        definition(
          "mailbox",
          "Mailbox",
          "A mailbox file with messages in many languages",
          "📬",
          createMailboxConnector(mailbox),
        ),
      ],
    }),
  );
  app.use("*", serveStatic({ root: webFolder }));
  return { app, service };

  function definition<Ref, Content>(
    type: string,
    name: string,
    description: string,
    emoji: string,
    connector: Connector<Ref, Content>,
  ): IntegrationDefinition {
    return {
      type,
      name,
      description,
      icon: iconOf(emoji),
      totalItemsSynced: (scope) => library.count(ownerOf(scope), connector.source),
      sync: (run, context) => syncConnector(connector, library, run, context),
    };
  }
}

function iconOf(emoji: string): string {
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 40"><text x="20" y="29" font-size="26" text-anchor="middle">${emoji}</text></svg>`;
  return `data:image/svg+xml,${encodeURIComponent(svg)}`;
}
