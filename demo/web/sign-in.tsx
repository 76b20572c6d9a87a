import type { DemoUser } from "./session.js";

interface SignInProps {
  readonly users: readonly DemoUser[];
  readonly onSignIn: (user: DemoUser) => void;
}

export function SignIn({ users, onSignIn }: SignInProps) {
  return (
    <section className="demo-sign-in" aria-labelledby="sign-in">
      <h1 id="sign-in">Who are you?</h1>
      <p>Two people of two companies. Neither sees what the other syncs.</p>
      <ul>
        {users.map((user) => (
          <li key={user.userId}>
            <button type="button" onClick={() => onSignIn(user)}>
              <strong>{user.name}</strong>
              <span>{user.tenantName}</span>
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}
