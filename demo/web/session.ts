export interface DemoUser {
  readonly userId: string;
  readonly name: string;
  readonly tenantName: string;
}

async function request<Result>(path: string, init?: RequestInit): Promise<Result> {
  const response = await fetch(path, init);
  if (!response.ok) throw new Error(`${path} failed with status ${response.status}.`);
  return response.json();
}

export const fetchUsers = () => request<readonly DemoUser[]>("/api/demo/users");
export const fetchSession = () => request<DemoUser | null>("/api/demo/session");
export const signIn = (userId: string) => request<DemoUser>(`/api/demo/session/${userId}`, { method: "POST" });
export const signOut = () => fetch("/api/demo/session", { method: "DELETE" });
