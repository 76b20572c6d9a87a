import { afterEach, describe, expect, it, vi } from "vitest";
import { encodeSnapshot } from "../../../src/protocol/snapshot.js";
import { deliverEmail, type EmailDeliveryOptions } from "../../../src/server/email/email-delivery.js";
import { createSmtpSender, type Email } from "../../../src/server/email/email-sender.js";
import type { Notice } from "../../../src/server/sync-store.js";
import { aSnapshot } from "../../support/a-snapshot.js";
import { eventually } from "../../support/eventually.js";
import { ada } from "../a-job.js";
import { hasMailServer, type MailServer, startMailServer } from "../engines/mail-server.js";

function aNotice(given: Partial<Notice> = {}): Notice {
  const payload = JSON.stringify({ scope: ada, snapshot: encodeSnapshot(aSnapshot({ status: "complete" })) });
  return { id: "1", syncId: "sync-1", kind: "email", payload, tries: 1, ...given };
}

function optionsWith(given: Partial<EmailDeliveryOptions> = {}) {
  const send = vi.fn(async (_email: Email) => {});
  const options: EmailDeliveryOptions = {
    sender: { send, close: () => {} },
    recipient: () => ({ address: "ada@example.com", name: "Ada", locale: "en" }),
    integrations: [],
    linkTo: undefined,
    domain: "example.org",
    onError: () => {},
    ...given,
  };
  return { send, options };
}

const never = new AbortController().signal;

describe("an attempt to deliver a mail", () => {
  it.each(["", "{}", "[]", '{"scope":{},"snapshot":{}}', '{"scope":{"tenantId":"a","userId":"b"},"snapshot":{}}'])(
    "is impossible with a payload that is none of ours: %j",
    async (payload) => {
      const { options, send } = optionsWith();
      expect(await deliverEmail(aNotice({ payload }), options, never)).toMatchObject({ is: "impossible" });
      expect(send).not.toHaveBeenCalled();
    },
  );

  it.each([
    ["sync-1", "<sync-1.email@example.org>"],
    ["a.b", "<a%2eb.email@example.org>"],
    ["a b>\r\n(c)@", "<a%20b%3E%0D%0A%28c%29%40.email@example.org>"],
  ])("has a Message-ID that a sync's id cannot break: %j", async (syncId, messageId) => {
    const { options, send } = optionsWith();
    await deliverEmail(aNotice({ syncId }), options, never);
    expect(send.mock.lastCall?.[0]).toMatchObject({ messageId });
  });

  it("ends when its time is over, whatever hangs", async () => {
    const hangs = () => new Promise<never>(() => {});
    for (const given of [{ recipient: hangs }, { sender: { send: hangs, close: () => {} } }]) {
      const late = new AbortController();
      const result = deliverEmail(aNotice(), optionsWith(given).options, late.signal);
      late.abort(new Error("too late"));
      expect(await result).toMatchObject({ is: "retry", error: { message: "too late" } });
    }
  });

  describe.skipIf(!hasMailServer)("at a server that does not respond", () => {
    const servers: MailServer[] = [];
    afterEach(() => Promise.all(servers.splice(0).map((server) => server.close())));

    it("hangs up when its time is over", async () => {
      const server = await startMailServer({ refuseRecipient: () => new Promise<never>(() => {}) });
      servers.push(server);
      const { port, ca, attempts, connections, mails } = server;
      const from = { name: "", address: "syncs@example.org" };
      const sender = createSmtpSender({ host: "127.0.0.1", port, ca, from, auth: null, isTlsRequired: true });
      const late = new AbortController();
      const result = deliverEmail(aNotice(), optionsWith({ sender }).options, late.signal);
      await eventually(() => expect(attempts()).toBe(1));
      late.abort();
      expect(await result).toMatchObject({ is: "retry" });
      await eventually(() => expect(connections()).toBe(0));
      expect(mails).toEqual([]);
    });
  });
});
