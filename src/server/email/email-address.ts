/** Longest address, in octets (RFC 5321, section 4.5.3.1.3, without the angle brackets). */
const MAX_LENGTH = 254;

/** No space, control character, quote or separator of a list; exactly one `@`. */
const ADDRESS = /^[^\s\p{Cc}\p{Cf}@,;:<>()[\]\\"]{1,64}@[^\s\p{Cc}\p{Cf}@,;:<>()[\]\\"]+$/u;

/** Whether a text is exactly one mail address, which nothing can turn into two or into another header. */
export function isEmailAddress(text: string): boolean {
  return new TextEncoder().encode(text).length <= MAX_LENGTH && ADDRESS.test(text);
}
