/** Whose a sync is. Every read and write is checked against it; a foreign sync is treated as unknown. */
export interface Scope {
  readonly tenantId: string;
  readonly userId: string;
}

export function isSameScope(a: Scope, b: Scope): boolean {
  return a.tenantId === b.tenantId && a.userId === b.userId;
}
