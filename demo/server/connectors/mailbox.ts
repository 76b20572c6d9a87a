import { readFile } from "node:fs/promises";
import PostalMime from "postal-mime";
import { SyncJobError } from "react-sync-progress/server";
import { type Connector, UnreadableItemError } from "./connector.js";
import { htmlToText } from "./html-to-text.js";

interface MessageRef {
  readonly number: number;
  readonly bytes: Uint8Array;
}

/** Reads the messages of a mailbox file (mbox, RFC 4155). */
export function createMailboxConnector(path: string): Connector<MessageRef, Uint8Array> {
  return {
    source: "mailbox",
    stages: { syncing: "Fetching messages..." },
    async list() {
      try {
        return splitMailbox(await readFile(path));
      } catch (error) {
        throw new SyncJobError("The mailbox cannot be opened.", { code: "mailbox_unavailable", cause: error });
      }
    },
    nameOf: ({ number }) => `Message ${number}`,
    read: async ({ bytes }) => bytes,
    async parse({ name, content }) {
      const mail = await PostalMime.parse(content);
      if (mail.from === undefined || mail.headers.length === 0) {
        throw new UnreadableItemError("It has no sender; it is not a message.");
      }
      const text = mail.text ?? (mail.html === undefined ? "" : htmlToText(mail.html).text);
      const from = mail.from.name || mail.from.address || "";
      return { id: name, title: mail.subject ?? "(no subject)", text: `${from}\n\n${text}`.trim() };
    },
  };
}

const FROM_LINE = new TextEncoder().encode("From ");
const LINE_FEED = 10;

/** Cuts a mailbox into its messages: each begins with a line "From ...", and such lines inside are quoted with ">". */
function splitMailbox(mailbox: Uint8Array): readonly MessageRef[] {
  const starts: number[] = [];
  for (let at = 0; at < mailbox.length; at = mailbox.indexOf(LINE_FEED, at) + 1 || mailbox.length) {
    if (FROM_LINE.every((byte, index) => mailbox[at + index] === byte)) starts.push(at);
  }
  return starts.map((start, index) => {
    const firstLineEnd = mailbox.indexOf(LINE_FEED, start);
    const bytes = mailbox.subarray(firstLineEnd === -1 ? start : firstLineEnd + 1, starts[index + 1] ?? mailbox.length);
    return { number: index + 1, bytes };
  });
}
