import type { Scope } from "../scope.js";

/** Who is signed in: the scope of their syncs, and what the others in it may call them. */
export interface SignedInPerson extends Scope {
  /** Shown beside the syncs that they start. Default none. */
  readonly displayName?: string | undefined;
  /** When the sign-in ends, in ms since 1970: streams end at that moment, later requests get 401. Default never. */
  readonly expiresAt?: number | undefined;
}

/** Returns the person who is signed in, or `null` for nobody. */
export type Authenticate = (request: Request) => SignedInPerson | null | Promise<SignedInPerson | null>;

/** How long `authenticate` may take, in ms. */
const AUTHENTICATE_TIMEOUT_MS = 10_000;

/**
 * Who is signed in; `null` for nobody, and when the sign-in has ended. Calls `authenticate` with a deadline. Rejects with
 * what it throws, also with what it throws at once.
 */
export async function signIn(
  authenticate: Authenticate,
  request: Request,
  timeoutMs = AUTHENTICATE_TIMEOUT_MS,
): Promise<SignedInPerson | null> {
  const person = await inTime(authenticate(request), timeoutMs);
  return person !== null && Date.now() < endOfSignIn(person) ? person : null;
}

/** When the sign-in of a person ends, in ms since 1970; `Infinity` for never. */
export function endOfSignIn({ expiresAt }: SignedInPerson): number {
  return expiresAt ?? Number.POSITIVE_INFINITY;
}

async function inTime(result: ReturnType<Authenticate>, timeoutMs: number): Promise<SignedInPerson | null> {
  if (!(result instanceof Promise)) return result;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(new Error(`SyncProgressError: authenticate did not return within ${timeoutMs} ms.`)),
      timeoutMs,
    );
  });
  try {
    return await Promise.race([result, late]);
  } finally {
    clearTimeout(timer);
  }
}
