/** Whose a sync is. Every read and write is by scope; a foreign sync is treated as one that does not exist. */
export interface Scope {
  readonly tenantId: string;
  readonly userId: string;
}

/** A scope as a key: no two different scopes have the same. */
export function keyOf({ tenantId, userId }: Scope): string {
  return JSON.stringify([tenantId, userId]);
}

export function isSameScope(a: Scope, b: Scope): boolean {
  return a.tenantId === b.tenantId && a.userId === b.userId;
}
