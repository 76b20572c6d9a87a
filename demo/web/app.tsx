import { useEffect, useState } from "react";
import { SyncClient, SyncProvider } from "react-sync-progress";
import { type DemoUser, fetchSession, fetchUsers, signIn, signOut } from "./session.js";
import { SignIn } from "./sign-in.js";
import { SignedIn } from "./signed-in.js";
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
      {user === null && (
        <main>
          <SignIn users={users} onSignIn={(one) => signIn(one.userId).then(setUser)} />
        </main>
      )}
      {user && <WithClient key={user.userId} onSignedOut={() => setUser(null)} />}
    </>
  );
}

/** Each person has a client of their own, so that nothing of one is shown to the other. */
function WithClient({ onSignedOut }: { readonly onSignedOut: () => void }) {
  const [client] = useState(() => new SyncClient({ baseUrl: "/api" }));
  useEffect(() => () => client.close(), [client]);
  return (
    <SyncProvider client={client}>
      <SignedIn onSignedOut={onSignedOut} />
    </SyncProvider>
  );
}
