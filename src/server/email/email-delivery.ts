import { readText } from "../../protocol/decoding.js";
import { TEXT_LIMITS } from "../../protocol/limits.js";
import type { IntegrationDefinition } from "../integration-definition.js";
import type { Scope } from "../scope.js";
import { abortable } from "../store-calls.js";
import type { Notice } from "../sync-store.js";
import { isEmailAddress } from "./email-address.js";
import { emailContentOf } from "./email-content.js";
import { type EmailSender, isRefusedForGood } from "./email-sender.js";
import { type EndedSync, readEndedSync } from "./ended-sync.js";

/** Who gets a mail. */
export interface EmailRecipient {
  /** Exactly one address. */
  readonly address: string;
  /** The person's name; empty for none. */
  readonly name: string;
  /** BCP 47, such as `"de"`: English if there are no words in its language. */
  readonly locale: string;
}

export interface EmailDeliveryOptions {
  readonly sender: EmailSender;
  readonly recipient: (scope: Scope) => EmailRecipient | null | Promise<EmailRecipient | null>;
  readonly integrations: readonly Pick<IntegrationDefinition, "type" | "name">[];
  readonly linkTo: ((sync: EndedSync) => string | null) | undefined;
  /** The part of Message-IDs behind the `@`. */
  readonly domain: string;
  readonly onError: (error: unknown, syncId: string) => void;
}

/** `done`: sent, unless there is nobody to send it to. `retry`: it may succeed later. `impossible`: it never will. */
export type DeliveryResult =
  | { readonly is: "done"; readonly isSent: boolean }
  | { readonly is: "retry" | "impossible"; readonly error: unknown };

/** Sends the mail of one notice: one attempt, which never rejects. */
export async function deliverEmail(
  { syncId, kind, payload }: Notice,
  options: EmailDeliveryOptions,
  signal: AbortSignal,
): Promise<DeliveryResult> {
  const ended = readEndedSync(payload);
  if (ended === null) return impossible("the notice in the outbox is damaged");
  try {
    const to = await abortable(Promise.resolve(ended.scope).then(options.recipient), signal);
    if (to === null) return { is: "done", isSent: false };
    if (!isEmailAddress(to.address)) return impossible("the recipient's address is not exactly one mail address");
    const { integrations, sender, domain } = options;
    const name = integrations.find(({ type }) => type === ended.snapshot.connectorType)?.name ?? "";
    const content = emailContentOf(ended.snapshot, {
      locale: to.locale,
      name: readText(name, TEXT_LIMITS.word) || null,
      link: linkOf(ended, options),
    });
    if (content === null) return { is: "done", isSent: false };
    const messageId = `<${messageWord(syncId)}.${messageWord(kind)}@${domain}>`;
    const person = { address: to.address, name: readText(to.name, TEXT_LIMITS.word) };
    await abortable(sender.send({ ...content, to: person, messageId, sync: ended }, signal), signal);
    return { is: "done", isSent: true };
  } catch (error) {
    return { is: isRefusedForGood(error) ? "impossible" : "retry", error };
  }
}

function impossible(reason: string): DeliveryResult {
  return { is: "impossible", error: new Error(`SyncProgressError: ${reason}.`) };
}

/** The link of a mail; a mail without it is better than none. */
function linkOf(ended: EndedSync, { linkTo, onError }: EmailDeliveryOptions): string | null {
  try {
    const link = linkTo?.(ended) ?? null;
    if (link === null) return null;
    const { protocol, href } = new URL(link);
    if (protocol === "https:" || protocol === "http:") return href;
    throw new TypeError(`SyncProgressError: linkTo must return an http or https URL, got ${JSON.stringify(link)}.`);
  } catch (error) {
    onError(error, ended.snapshot.syncId);
    return null;
  }
}

/** A text as a part of a Message-ID (RFC 5322, atext), different for different texts. */
function messageWord(text: string): string {
  return encodeURIComponent(text).replace(/[().]/g, (character) => `%${character.charCodeAt(0).toString(16)}`);
}
