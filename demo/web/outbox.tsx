import { useEffect, useState } from "react";

interface Mail {
  readonly id: string;
  readonly to: string;
  readonly subject: string;
  readonly html: string;
  readonly sentAt: number;
}

const LOOK_EVERY_MS = 2_000;

/** The mails that the person would have got, as they look in a mailbox. */
export function Outbox() {
  const mails = useMails();
  const [shownId, setShownId] = useState<string | null>(null);
  if (mails === undefined) return <p>Loading...</p>;
  if (mails === null) return <p>Mails are really sent: they are in your mailbox.</p>;
  if (mails.length === 0) {
    return <p>No mail yet. Start a sync, and choose “Email me when it is done” while it runs.</p>;
  }
  const shown = mails.find(({ id }) => id === shownId) ?? mails[0];
  return (
    <div className="demo-outbox">
      <ul>
        {mails.map((mail) => (
          <li key={mail.id}>
            <button type="button" aria-pressed={mail === shown} onClick={() => setShownId(mail.id)}>
              <span className="demo-outbox-subject">
                <bdi>{mail.subject}</bdi>
              </span>
              <time dateTime={new Date(mail.sentAt).toISOString()}>{new Date(mail.sentAt).toLocaleString()}</time>
              <bdi>{mail.to}</bdi>
            </button>
          </li>
        ))}
      </ul>
      {shown !== undefined && (
        // What is in a mail can do nothing: no scripts, no forms, no navigation, another origin.
        <iframe key={shown.id} title={`Mail: ${shown.subject}`} sandbox="" srcDoc={shown.html} />
      )}
    </div>
  );
}

/** The person's mails; `undefined` until they are loaded, `null` if the server sends them. */
function useMails(): readonly Mail[] | null | undefined {
  const [mails, setMails] = useState<readonly Mail[] | null>();
  useEffect(() => {
    const gone = new AbortController();
    const load = () =>
      fetch("/api/demo/outbox", { signal: gone.signal })
        .then((response) => (response.ok ? response.json() : Promise.reject(new Error(`${response.status}`))))
        .then(
          (loaded: { mails: readonly Mail[] | null }) => setMails(loaded.mails),
          () => {},
        );
    void load();
    const looking = setInterval(load, LOOK_EVERY_MS);
    return () => {
      gone.abort();
      clearInterval(looking);
    };
  }, []);
  return mails;
}
