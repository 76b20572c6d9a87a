import { join } from "node:path";
import { serveStatic } from "@hono/node-server/serve-static";
import { Hono } from "hono";
import {
  createHealthRoutes,
  createSyncRoutes,
  createSyncService,
  type IntegrationDefinition,
  type SyncService,
  type SyncStore,
} from "react-sync-progress/server";
import { type Connector, ownerOf, syncConnector } from "./connectors/connector.js";
import { createFolderConnector } from "./connectors/folder.js";
import { createGitConnector } from "./connectors/git.js";
import { createMailboxConnector } from "./connectors/mailbox.js";
import { DocumentLibrary } from "./documents.js";
import { startMails } from "./mails.js";
import { createSessions, DEMO_USERS } from "./session.js";

const FOLDER_ICON = iconOf("#2f5bd7", "M9 13a2 2 0 0 1 2-2h6l3 3h9a2 2 0 0 1 2 2v11a2 2 0 0 1-2 2H11a2 2 0 0 1-2-2Z");
const GIT_ICON = iconOf("#c2481f", "M14 11v18M14 24c0-5 12-3 12-9M26 15v-4M14 31v.1M26 9v.1");
const MAILBOX_ICON = iconOf("#1a7f4b", "M9 13h22v15H9ZM9 14l11 8 11-8");

/** What every connector does, one after the other; reading takes the longest. */
const PHASES = [
  { name: "syncing", label: "Read", weight: 3 },
  { name: "embedding", label: "Index", weight: 1 },
];
/** Short, so that a demo that was killed shows its interrupted syncs soon after it is started again. */
const LEASE_MS = 1_500;

export interface DemoAppOptions {
  /** The project's folder: what is synced lies below it. */
  readonly projectFolder: string;
  /** The built web app. */
  readonly webFolder: string;
  /** Where the demo keeps its documents, its mails and its session key. */
  readonly dataFolder: string;
  /** Where it keeps its syncs; closed with the demo. */
  readonly store: SyncStore;
  /** Whether there are other processes behind the same proxy. */
  readonly isOneOfSeveral: boolean;
  readonly onError: (error: unknown) => void;
}

/** The whole demo behind one fetch handler: the sync API, sign-in, search, and the web app. */
export function createDemoApp(options: DemoAppOptions) {
  const { projectFolder, webFolder, dataFolder, store, isOneOfSeveral, onError } = options;
  const library = new DocumentLibrary(join(dataFolder, "documents.db"));
  const sessions = createSessions(dataFolder);
  const service: SyncService = createSyncService({ store, leaseMs: LEASE_MS, notices: { email: {} }, onError });

  const folder = process.env["DEMO_FOLDER"];
  const roots = folder === undefined ? ["README.md", "docs", "demo/data/folder", "node_modules"] : [folder];
  const demoFolder = createFolderConnector(
    projectFolder,
    roots.map((root) => join(projectFolder, root)),
  );
  const mailbox = process.env["DEMO_MAILBOX"] ?? join(projectFolder, "demo/data/sample.mbox");

  const integrations = [
    definition(
      "folder",
      "Folder",
      "Markdown, text and HTML of this project and its dependencies",
      FOLDER_ICON,
      demoFolder,
    ),
    definition("git", "Git", "The history of this repository", GIT_ICON, createGitConnector(projectFolder)),
    definition(
      "mailbox",
      "Mailbox",
      "A mailbox file with messages in many languages",
      MAILBOX_ICON,
      createMailboxConnector(mailbox),
    ),
  ];
  const mails = startMails({ store, dataFolder, integrations, onError });

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
  app.get("/api/demo/outbox", (context) => {
    const user = sessions.read(context.req.raw);
    if (user === null) return context.json({ success: false, error: "Sign in to see your mails." }, 401);
    return context.json({ mails: mails.list(user) }, 200, { "cache-control": "no-store" });
  });
  app.route("/", createHealthRoutes({ service }));
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
      authenticate(request) {
        const user = sessions.read(request);
        return user && { ...user, displayName: user.name };
      },
      onError,
      integrations,
      // Alone, readers would come back to this process in vain.
      ...(isOneOfSeveral ? {} : { streamDrainMs: Number.POSITIVE_INFINITY }),
    }),
  );
  app.use("*", serveStatic({ root: webFolder }));
  return {
    app,
    service,
    /** Lets what runs finish, for `deadlineMs` at most, and sends the mails about it. */
    async close({ deadlineMs }: { readonly deadlineMs: number }) {
      await service.drain({ deadlineMs });
      await mails.notifier.flush();
      await mails.notifier.close();
      mails.close();
      await store.close();
      library.close();
    },
  };

  function definition<Ref, Content>(
    type: string,
    name: string,
    description: string,
    icon: string,
    connector: Connector<Ref, Content>,
  ): IntegrationDefinition {
    return {
      type,
      name,
      description,
      icon,
      phases: PHASES,
      totalItemsSynced: (scope) => library.count(ownerOf(scope), connector.source),
      sync: (run, context) => syncConnector(connector, library, run, context),
    };
  }
}

function iconOf(color: string, path: string): string {
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 40"><rect width="40" height="40" rx="9" fill="${color}"/><path d="${path}" fill="none" stroke="#fff" stroke-width="2.25" stroke-linecap="round" stroke-linejoin="round"/></svg>`;
  return `data:image/svg+xml,${encodeURIComponent(svg)}`;
}
