/**
 * Whether a string is one of the allowed ones.
 *
 * The duration reveals nothing about the allowed strings: only digests are compared, all of them and to the last byte.
 *
 * @internal
 */
export async function isOneOf(presented: string, allowed: readonly string[]): Promise<boolean> {
  const digest = await digestOf(presented);
  let isFound = false;
  for (const other of await Promise.all(allowed.map(digestOf))) {
    const difference = digest.reduce((bits, byte, index) => bits | (byte ^ (other[index] ?? 0)), 0);
    if (difference === 0) isFound = true;
  }
  return isFound;
}

async function digestOf(text: string): Promise<Uint8Array> {
  return new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text)));
}
