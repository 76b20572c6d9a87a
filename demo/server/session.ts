import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Scope } from "react-sync-progress/server";

/** Somebody who can sign in to the demo. */
export interface DemoUser extends Scope {
  readonly name: string;
  readonly tenantName: string;
}

export const DEMO_USERS: readonly DemoUser[] = [
  { userId: "ada", name: "Ada Lovelace", tenantId: "acme", tenantName: "Acme" },
  { userId: "grace", name: "Grace Hopper", tenantId: "globex", tenantName: "Globex" },
];

const COOKIE = "demo_session";

/** Signs people in by a cookie that names them and that nobody else can make. */
export interface Sessions {
  /** Who a request comes from; `null` for nobody. */
  read(request: Request): DemoUser | null;
  /** A `Set-Cookie` header for a user, or to sign out. */
  cookieFor(user: DemoUser | null): string;
}

/** Sessions that outlive a restart of the server: the key is kept in `folder`. */
export function createSessions(folder: string): Sessions {
  const key = readKey(folder);
  const sign = (userId: string) => createHmac("sha256", key).update(userId).digest();
  return {
    read(request) {
      const cookies = request.headers.get("cookie") ?? "";
      const value = cookies
        .split(/;\s*/)
        .find((cookie) => cookie.startsWith(`${COOKIE}=`))
        ?.slice(COOKIE.length + 1);
      const [userId = "", signature = ""] = (value ?? "").split(".");
      const user = DEMO_USERS.find((one) => one.userId === userId);
      const given = Buffer.from(signature, "base64url");
      const expected = sign(userId);
      return user !== undefined && given.length === expected.length && timingSafeEqual(given, expected) ? user : null;
    },
    cookieFor(user) {
      const value = user === null ? "" : `${user.userId}.${sign(user.userId).toString("base64url")}`;
      return `${COOKIE}=${value}; Path=/; HttpOnly; SameSite=Lax${user === null ? "; Max-Age=0" : ""}`;
    },
  };
}

function readKey(folder: string): Buffer {
  const path = join(folder, "session-key");
  try {
    return readFileSync(path);
  } catch {
    mkdirSync(folder, { recursive: true });
    const key = randomBytes(32);
    writeFileSync(path, key, { mode: 0o600 });
    return key;
  }
}
