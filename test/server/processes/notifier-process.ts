import { createEmailNotifier } from "../../../src/server/email/email-notifier.js";
import { engineOf, openStore } from "./open-store.js";

/** A process that sends the mails of a store, for tests that kill it. The mail server is that of the environment. */

/**
 * What it reports to its parent. `sent`: the mail server has taken a mail over, and that is not stored yet. `done`: it is
 * stored, so that nobody can send it again.
 */
export type NotifierReport = { readonly is: "ready" } | { readonly is: "sent" } | { readonly is: "done" };

const { STORE_ENGINE, STORE_AT = "", STOPS_BEFORE_MARK, SMTP_CA = "" } = process.env;
const report = (message: NotifierReport) => void process.send?.(message);
const store = await openStore({ engine: engineOf(STORE_ENGINE), at: STORE_AT });
createEmailNotifier({
  store: {
    ...store,
    async settleNotice(id, result, signal) {
      report({ is: "sent" });
      if (STOPS_BEFORE_MARK === "yes") await new Promise(() => {});
      await store.settleNotice(id, result, signal);
      if (result === "done") report({ is: "done" });
    },
  },
  smtp: { ca: SMTP_CA },
  recipient: () => ({ address: "ada@example.com", name: "Ada", locale: "en" }),
  pollMs: 100,
  attemptTimeoutMs: 1_000,
  onError: (error) => void process.stderr.write(`${error}\n`),
});
process.on("disconnect", () => process.exit());
report({ is: "ready" });
