export interface DemoUser {
  readonly userId: string;
  readonly name: string;
  readonly tenantName: string;
}

async function ask<Answer>(path: string, init?: RequestInit): Promise<Answer> {
  const response = await fetch(path, init);
  if (!response.ok) throw new Error(`${path} was answered with ${response.status}.`);
  return response.json();
}

export const fetchUsers = () => ask<readonly DemoUser[]>("/api/demo/users");
export const fetchSession = () => ask<DemoUser | null>("/api/demo/session");
export const signIn = (userId: string) => ask<DemoUser>(`/api/demo/session/${userId}`, { method: "POST" });
export const signOut = () => fetch("/api/demo/session", { method: "DELETE" });
