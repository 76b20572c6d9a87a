import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it, vi } from "vitest";
import { createSyncService } from "../../../src/server/create-sync-service.js";
import {
  createEmailNotifier,
  EmailGivenUpError,
  type EmailNotifierOptions,
} from "../../../src/server/email/email-notifier.js";
import type { Email } from "../../../src/server/email/email-sender.js";
import { createMemoryStore } from "../../../src/server/memory-store.js";
import { createSqliteStore } from "../../../src/server/sqlite/sqlite-store.js";
import type { SyncStore } from "../../../src/server/sync-store.js";
import { eventually } from "../../support/eventually.js";
import { ada, startIn } from "../a-job.js";
import { hasMailServer, type MailServer, type MailServerOptions, startMailServer } from "../engines/mail-server.js";

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

async function aMailServer(options?: MailServerOptions): Promise<MailServer> {
  const server = await startMailServer(options);
  cleanups.push(() => server.close());
  return server;
}

/** Ends a sync of which a mail is requested. Returns its id. */
async function endASync(store: SyncStore, how: "complete" | "crash" | "cancel" = "complete"): Promise<string> {
  const service = createSyncService({ store, notices: { email: { isRequestedByDefault: true } }, onError: () => {} });
  const { syncId, run, settled, finish, crash } = await startIn(service);
  run.advance({ count: 3 });
  if (how === "complete") finish();
  if (how === "crash") crash(new Error("Salary.pdf"));
  if (how === "cancel") await service.cancel(ada, syncId);
  await settled;
  return syncId;
}

function aNotifier(server: MailServer, store: SyncStore, given: Partial<EmailNotifierOptions> = {}) {
  const onError = vi.fn();
  const notifier = createEmailNotifier({
    store,
    recipient: () => ({ address: "ada@example.com", name: "Ada Lovelace", locale: "en" }),
    integrations: [{ type: "gmail", name: "Gmail" }],
    pollMs: 100,
    retryDelaysMs: [0, 0, 0],
    onError,
    ...given,
    smtp: {
      host: "127.0.0.1",
      port: server.port,
      ca: server.ca,
      fromEmail: "syncs@example.org",
      fromName: "Syncs",
      ...given.smtp,
    },
  });
  cleanups.push(() => notifier.close());
  return { notifier, onError };
}

/** Waits until the outbox has nothing that is due or claimed. */
async function untilEmpty(store: SyncStore, settled: { mock: { calls: unknown[][] } }, count: number) {
  await eventually(() => expect(settled.mock.calls.filter(([, result]) => result === "done")).toHaveLength(count));
  expect(await store.claimNotices("email", 1_000, 10)).toEqual([]);
}

function aWatchedStore() {
  const store = createMemoryStore();
  return { store, settled: vi.spyOn(store, "settleNotice"), claimed: vi.spyOn(store, "claimNotices") };
}

describe.skipIf(!hasMailServer)("the email notifier", () => {
  it("sends a mail with both texts, over TLS, from and to one address each", async () => {
    const server = await aMailServer({ login: { user: "app", password: "secret" } });
    const { store, settled } = aWatchedStore();
    const syncId = await endASync(store);
    const recipient = vi.fn(() => ({ address: "ada@example.com", name: "Ada Lovelace", locale: "en" }));
    const linkTo = vi.fn(() => "https://app.example.com/syncs");
    const smtp = { user: "app", password: "secret" };
    const { onError } = aNotifier(server, store, { recipient, linkTo, smtp });
    await untilEmpty(store, settled, 1);
    expect(recipient.mock.calls).toEqual([[ada]]);
    expect(linkTo.mock.calls).toMatchObject([[{ scope: ada, snapshot: { syncId, status: "complete" } }]]);
    expect(server.mails).toMatchObject([
      {
        isSecure: true,
        user: "app",
        recipients: ["ada@example.com"],
        message: {
          from: { name: "Syncs", address: "syncs@example.org" },
          to: [{ name: "Ada Lovelace", address: "ada@example.com" }],
          subject: "Gmail is up to date",
          messageId: `<${syncId}.email@example.org>`,
          text: expect.stringContaining("3 items synced."),
          html: expect.stringContaining('<a href="https://app.example.com/syncs"'),
        },
      },
    ]);
    const headers = server.mails[0]?.message.headers;
    expect(headers).toContainEqual(expect.objectContaining({ key: "auto-submitted", value: "auto-generated" }));
    expect(onError).not.toHaveBeenCalled();
  });

  it("sends one mail a sync, however many processes send", async () => {
    const server = await aMailServer();
    const folder = mkdtempSync(join(tmpdir(), "email-"));
    cleanups.push(() => rmSync(folder, { recursive: true, force: true }));
    const stores = Array.from({ length: 3 }, () => createSqliteStore({ path: join(folder, "syncs.db") }));
    cleanups.push(() => Promise.all(stores.map((store) => store.close())));
    const settled = stores.map((store) => vi.spyOn(store, "settleNotice"));
    const notifiers = stores.map((store) => aNotifier(server, store));
    const ids: string[] = [];
    for (const store of Array.from({ length: 10 }, () => stores).flat()) ids.push(await endASync(store));
    await eventually(() => expect(settled.flatMap(({ mock }) => mock.calls)).toHaveLength(ids.length));
    const sent = server.mails.map(({ message }) => message.messageId);
    expect(sent.sort()).toEqual(ids.map((id) => `<${id}.email@example.org>`).sort());
    for (const { onError } of notifiers) expect(onError).not.toHaveBeenCalled();
  });

  it("sends what was put into the outbox before it, and nothing of a sync that was cancelled", async () => {
    const server = await aMailServer();
    const { store, settled } = aWatchedStore();
    for (const how of ["complete", "cancel", "crash"] as const) await endASync(store, how);
    aNotifier(server, store);
    await untilEmpty(store, settled, 2);
    expect(server.mails.map(({ message }) => message.subject).sort()).toEqual([
      "Gmail could not be synced",
      "Gmail is up to date",
    ]);
    expect(server.mails.map(({ raw }) => raw).join()).not.toContain("Salary");
  });

  it("sends it in the language of the person", async () => {
    const server = await aMailServer();
    const { store, settled } = aWatchedStore();
    await endASync(store);
    aNotifier(server, store, { recipient: async () => ({ address: "a@example.com", name: "آدا", locale: "ar-EG" }) });
    await untilEmpty(store, settled, 1);
    expect(server.mails[0]?.message).toMatchObject({
      subject: "اكتملت مزامنة Gmail",
      to: [{ name: "آدا" }],
      text: expect.stringContaining("تمت مزامنة ٣ عناصر."),
      html: expect.stringContaining('dir="rtl"'),
    });
  });

  it("sends nothing over a connection without TLS, not even the password", async () => {
    const server = await aMailServer({ hasTls: false, login: { user: "app", password: "secret" } });
    const { store, settled } = aWatchedStore();
    await endASync(store);
    const { onError } = aNotifier(server, store, { smtp: { user: "app", password: "secret" } });
    await untilEmpty(store, settled, 1);
    expect([server.mails, server.logins]).toEqual([[], []]);
    expect(onError).toHaveBeenLastCalledWith(expect.any(EmailGivenUpError), expect.any(String));
  });

  it("sends nothing to a server whose certificate is not trusted", async () => {
    const server = await aMailServer();
    const { store, settled } = aWatchedStore();
    await endASync(store);
    const other = "-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----";
    aNotifier(server, store, { smtp: { ca: other } });
    await untilEmpty(store, settled, 1);
    expect(server.attempts()).toBe(0);
  });

  it("sends without TLS if it is allowed to", async () => {
    const server = await aMailServer({ hasTls: false });
    const { store, settled } = aWatchedStore();
    await endASync(store);
    aNotifier(server, store, { smtp: { isTlsRequired: false } });
    await untilEmpty(store, settled, 1);
    expect(server.mails).toMatchObject([{ isSecure: false }]);
  });
});

describe.skipIf(!hasMailServer)("a mail that fails", () => {
  it.each([
    ["the recipient", { refuseRecipient: (attempt: number) => (attempt <= 2 ? 451 : null) }],
    ["the message", { refuseMessage: (attempt: number) => (attempt <= 2 ? 452 : null) }],
  ])("is tried again if the server refuses %s for now, under the same Message-ID", async (_, options) => {
    const server = await aMailServer(options);
    const { store, settled } = aWatchedStore();
    const syncId = await endASync(store);
    const { onError } = aNotifier(server, store);
    await untilEmpty(store, settled, 1);
    expect(server.attempts()).toBe(3);
    expect(server.mails).toMatchObject([{ message: { messageId: `<${syncId}.email@example.org>` } }]);
    expect(onError.mock.calls).toEqual(Array.from({ length: 2 }, () => [expect.any(Error), syncId]));
  });

  it("waits before each further attempt, and is given up after the last", async () => {
    const server = await aMailServer({ refuseRecipient: () => 451 });
    const { store, settled } = aWatchedStore();
    const syncId = await endASync(store);
    const { onError } = aNotifier(server, store, { retryDelaysMs: [150, 300] });
    const begin = Date.now();
    await untilEmpty(store, settled, 1);
    expect(Date.now() - begin).toBeGreaterThanOrEqual(450);
    expect(server.attempts()).toBe(3);
    const [error] = onError.mock.lastCall ?? [];
    expect(error).toBeInstanceOf(EmailGivenUpError);
    expect(error).toMatchObject({
      message: `The mail about the sync ${syncId} was given up after 3 tries.`,
      cause: { responseCode: 451 },
    });
  });

  it.each([
    ["the recipient", { refuseRecipient: () => 550 }],
    ["the message", { refuseMessage: () => 554 }],
  ])("is given up at once if the server refuses %s for good", async (_, options) => {
    const server = await aMailServer(options);
    const { store, settled } = aWatchedStore();
    const syncId = await endASync(store);
    const { onError } = aNotifier(server, store);
    await untilEmpty(store, settled, 1);
    expect(server.attempts()).toBe(1);
    expect(onError.mock.calls).toEqual([[expect.any(EmailGivenUpError), syncId]]);
  });

  it("is tried again if the server refuses the password, or cannot be reached", async () => {
    const server = await aMailServer({ login: { user: "app", password: "secret" } });
    const { store, settled } = aWatchedStore();
    await endASync(store);
    aNotifier(server, store, { smtp: { user: "app", password: "wrong" } });
    await untilEmpty(store, settled, 1);
    expect(server.logins).toEqual(Array.from({ length: 4 }, () => "app:wrong"));
    await server.close();
    await endASync(store);
    await untilEmpty(store, settled, 2);
    expect(settled).toHaveBeenCalledTimes(8);
  });

  it("is reported to observers with every attempt, and without what the mail server said", async () => {
    const server = await aMailServer({ refuseRecipient: (attempt) => (attempt === 3 ? null : 451) });
    const { store, settled } = aWatchedStore();
    const onEvent = vi.fn();
    aNotifier(server, store, { observers: [{ onEvent }], retryDelaysMs: [0] });
    const ids = [await endASync(store)];
    await untilEmpty(store, settled, 1);
    ids.push(await endASync(store));
    await untilEmpty(store, settled, 2);
    const durationMs = expect.any(Number);
    expect(onEvent.mock.calls.flat()).toEqual([
      { level: "warn", event: "email-failed", syncId: ids[0], tries: 1, durationMs },
      { level: "error", event: "email-given-up", syncId: ids[0], tries: 2, durationMs },
      { level: "info", event: "email-sent", syncId: ids[1], tries: 1, durationMs },
    ]);
  });

  it("is given up without an attempt if earlier ones never came to an end", async () => {
    const server = await aMailServer();
    const { store, settled } = aWatchedStore();
    await endASync(store);
    for (let crash = 0; crash < 2; crash += 1) {
      const [{ id = "" } = {}] = await store.claimNotices("email", 60_000, 1);
      await store.settleNotice(id, { dueAt: 0 });
    }
    const { onError } = aNotifier(server, store, { retryDelaysMs: [0] });
    await untilEmpty(store, settled, 1);
    expect(server.attempts()).toBe(0);
    expect(onError).toHaveBeenCalledWith(expect.any(EmailGivenUpError), expect.any(String));
  });

  it("is not sent twice if the store fails when it was sent", async () => {
    const server = await aMailServer();
    const { store, settled } = aWatchedStore();
    settled.mockRejectedValueOnce(new Error("away")).mockRejectedValueOnce(new Error("away"));
    const syncId = await endASync(store);
    const { onError } = aNotifier(server, store);
    await eventually(() => expect(settled).toHaveBeenCalledTimes(3));
    await untilEmpty(store, settled, 3);
    expect(server.mails).toHaveLength(1);
    expect(onError).toHaveBeenCalledWith(expect.objectContaining({ message: "away" }), syncId);
  });

  it("does not end the notifier, nor does a store that fails or a reporter that throws", async () => {
    const server = await aMailServer({ refuseRecipient: (attempt) => (attempt === 1 ? 550 : null) });
    const { store, settled, claimed } = aWatchedStore();
    claimed.mockRejectedValueOnce(new Error("away"));
    const onError = vi.fn(() => {
      throw new Error("the reporter");
    });
    aNotifier(server, store, { onError });
    await endASync(store);
    await untilEmpty(store, settled, 1);
    await endASync(store);
    await untilEmpty(store, settled, 2);
    expect(server.mails).toHaveLength(1);
    expect(onError).toHaveBeenCalledWith(expect.objectContaining({ message: "away" }), null);
  });
});

describe.skipIf(!hasMailServer)("who gets a mail", () => {
  it("is nobody if the application says so", async () => {
    const server = await aMailServer();
    const { store, settled } = aWatchedStore();
    await endASync(store);
    const { onError } = aNotifier(server, store, { recipient: () => null });
    await untilEmpty(store, settled, 1);
    expect(server.attempts()).toBe(0);
    expect(onError).not.toHaveBeenCalled();
  });

  it("is requested again later if that failed", async () => {
    const server = await aMailServer();
    const { store, settled } = aWatchedStore();
    await endASync(store);
    const person = { address: "ada@example.com", name: "", locale: "en" };
    const recipient = vi.fn().mockRejectedValueOnce(new Error("away")).mockResolvedValue(person);
    aNotifier(server, store, { recipient });
    await untilEmpty(store, settled, 1);
    expect(server.mails).toMatchObject([{ message: { to: [{ name: "", address: "ada@example.com" }] } }]);
  });

  it.each(["ada@example.com,eve@example.com", "ada@example.com\r\nBcc: eve@example.com", "Ada <ada@example.com>", ""])(
    "is never anybody but one address: %j",
    async (address) => {
      const server = await aMailServer();
      const { store, settled } = aWatchedStore();
      const syncId = await endASync(store);
      const { onError } = aNotifier(server, store, { recipient: () => ({ address, name: "", locale: "en" }) });
      await untilEmpty(store, settled, 1);
      expect(server.attempts()).toBe(0);
      expect(onError.mock.calls).toEqual([[expect.any(EmailGivenUpError), syncId]]);
    },
  );

  it("cannot be changed by a name, and no name makes a header", async () => {
    const server = await aMailServer();
    const { store, settled } = aWatchedStore();
    await endASync(store);
    const evil = 'Eve" <eve@example.com>,\r\nBcc: eve@example.com\r\n\r\nHello';
    aNotifier(server, store, {
      recipient: () => ({ address: "ada@example.com", name: evil, locale: "en\r\nX-Evil: 1" }),
      integrations: [{ type: "gmail", name: evil }],
      smtp: { fromName: evil },
    });
    await untilEmpty(store, settled, 1);
    const [mail] = server.mails;
    expect(mail?.recipients).toEqual(["ada@example.com"]);
    expect(mail?.message.from?.address).toBe("syncs@example.org");
    expect(mail?.message.to).toMatchObject([{ address: "ada@example.com" }]);
    expect(mail?.message.bcc ?? []).toEqual([]);
    const head = mail?.raw.split("\r\n\r\n")[0] ?? "";
    expect([...head.matchAll(/^([\w-]+):/gm)].map(([, name]) => name?.toLowerCase()).sort()).toEqual([
      "auto-submitted",
      "content-type",
      "date",
      "from",
      "message-id",
      "mime-version",
      "subject",
      "to",
    ]);
  });

  it.each(["javascript:alert(1)", "/syncs/1", ""])("gets a mail without a link that is none: %j", async (link) => {
    const server = await aMailServer();
    const { store, settled } = aWatchedStore();
    const syncId = await endASync(store);
    const { onError } = aNotifier(server, store, { linkTo: () => link });
    await untilEmpty(store, settled, 1);
    expect(server.mails[0]?.message.html).not.toContain("<a");
    expect(onError.mock.calls).toEqual([[expect.any(TypeError), syncId]]);
  });
});

describe.skipIf(!hasMailServer)("an email notifier that is flushed", () => {
  it("sends what is due without waiting for its next look, and goes on after that", async () => {
    const server = await aMailServer();
    const { store, settled } = aWatchedStore();
    const { notifier } = aNotifier(server, store, { pollMs: 3_600_000 });
    for (const count of [1, 2]) {
      await endASync(store);
      await notifier.flush();
      expect(server.mails).toHaveLength(count);
      expect(settled).toHaveBeenCalledTimes(count);
    }
    await notifier.close();
    await endASync(store);
    await notifier.flush();
    expect(server.mails).toHaveLength(2);
  });
});

describe.skipIf(!hasMailServer)("an email notifier that is closed", () => {
  it("finishes the mail under way, and claims nothing more", async () => {
    const release = Promise.withResolvers<null>();
    const server = await aMailServer();
    const { store, settled } = aWatchedStore();
    await endASync(store);
    const recipient = vi.fn(() => release.promise.then(() => ({ address: "ada@example.com", name: "", locale: "en" })));
    const { notifier } = aNotifier(server, store, { recipient });
    await eventually(() => expect(recipient).toHaveBeenCalled());
    const closing = notifier.close();
    release.resolve(null);
    await closing;
    expect(server.mails).toHaveLength(1);
    expect(settled).toHaveBeenCalledTimes(1);
    // Another one sends two, one after the other: longer than the interval of the first.
    aNotifier(server, store);
    for (const count of [2, 3]) {
      await endASync(store);
      await untilEmpty(store, settled, count);
    }
    expect(recipient).toHaveBeenCalledTimes(1);
  });
});

describe("an email notifier with a sender of the application's own", () => {
  it("needs no mail server, and tries again what that could not send, under one id", async () => {
    const { store, settled } = aWatchedStore();
    const syncId = await endASync(store);
    const sendEmail = vi.fn(async (_: Email) => {});
    sendEmail.mockImplementationOnce(() => {
      throw new Error("the provider is busy");
    });
    const onError = vi.fn();
    const recipient = () => ({ address: "ada@example.com", name: "Ada", locale: "en" });
    const notifier = createEmailNotifier({ store, recipient, sendEmail, pollMs: 100, retryDelaysMs: [0], onError });
    cleanups.push(() => notifier.close());
    await untilEmpty(store, settled, 1);
    const [first, second] = sendEmail.mock.calls.map(([email]) => email);
    expect(second).toEqual(first);
    expect(second).toMatchObject({
      to: { address: "ada@example.com", name: "Ada" },
      subject: "Your data is up to date",
      html: expect.stringContaining("<table"),
      messageId: `<${syncId}.email@sync.invalid>`,
      sync: { scope: ada, snapshot: { syncId } },
    });
    expect(onError).toHaveBeenCalledOnce();
  });
});

it.each([
  [{ pollMs: 99 }, "pollMs"],
  [{ pollMs: Number.POSITIVE_INFINITY }, "pollMs"],
  [{ pollMs: Number.NaN }, "pollMs"],
  [{ attemptTimeoutMs: 999 }, "attemptTimeoutMs"],
  [{ retryDelaysMs: [1, -1] }, "retryDelaysMs"],
  [{ retryDelaysMs: [Number.NaN] }, "retryDelaysMs"],
  [{ smtp: { host: "localhost", fromEmail: "nobody" } }, "smtp.fromEmail"],
])("refuses options that are not valid in a sentence: %j", (given, name) => {
  const options = { store: createMemoryStore(), recipient: () => null, ...given };
  expect(() => createEmailNotifier(options)).toThrow(`SyncProgressError: ${name}`);
});
