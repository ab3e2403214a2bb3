/** @file New ids that match `idSchema`; they work without a secure context too, where `randomUUID` is missing. */

/** 128 random bits in hexadecimal. */
export function newId(): string {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}
