import { useEffect, useState } from "react";
import { SyncClient, SyncProvider } from "react-sync-progress";
import { Library } from "./library.js";
import { type DemoUser, fetchSession, fetchUsers, signIn, signOut } from "./session.js";
import { SignIn } from "./sign-in.js";
import { ThemeSwitch } from "./theme-switch.js";

/** Signs in, and shows the person's integrations and what was synced from them. */
export function App() {
  const [users, setUsers] = useState<readonly DemoUser[]>([]);
  // `undefined` until the server has said who is signed in.
  const [user, setUser] = useState<DemoUser | null | undefined>(undefined);

  useEffect(() => {
    Promise.all([fetchUsers(), fetchSession()]).then(
      ([allUsers, signedIn]) => {
        setUsers(allUsers);
        setUser(signedIn);
      },
      () => setUser(null),
    );
  }, []);

  return (
    <>
      <header className="demo-header">
        <p className="demo-brand">react-sync-progress</p>
        <ThemeSwitch />
        {user && (
          <p className="demo-user">
            {user.name}, {user.tenantName}{" "}
            <button type="button" className="demo-link" onClick={() => signOut().then(() => setUser(null))}>
              Sign out
            </button>
          </p>
        )}
      </header>
      <main>
        {user === null && <SignIn users={users} onSignIn={(one) => signIn(one.userId).then(setUser)} />}
        {user && <SignedIn key={user.userId} onSignedOut={() => setUser(null)} />}
      </main>
    </>
  );
}

/** Each person has a client of their own, so that nothing of one is shown to the other. */
function SignedIn({ onSignedOut }: { readonly onSignedOut: () => void }) {
  const [client] = useState(() => new SyncClient({ baseUrl: "/api" }));
  useEffect(() => () => client.close(), [client]);
  return (
    <SyncProvider client={client}>
      <Library onSignedOut={onSignedOut} />
    </SyncProvider>
  );
}
