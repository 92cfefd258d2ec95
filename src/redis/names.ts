/**
 * A name as a part of a key. Of `{`…`}` in a key, Redis Cluster hashes only what is between them, so a `}` of the name's
 * own is escaped. Lone surrogates, which have no UTF-8, are escaped too: clients would send all of them as U+FFFD.
 *
 * @internal
 */
export function escapeName(name: string): string {
  return name.replace(/[%}]|\p{Surrogate}/gu, (character) => `%${character.charCodeAt(0).toString(16)}.`);
}

/**
 * The key of one kind of data about a user. All keys of a user are in the same slot of a cluster.
 *
 * @internal
 */
export function keyOfUser(prefix: string, user: string, kind: string): string {
  // Braces with nothing between them do not count.
  return `${prefix}{${user === '' ? '%' : escapeName(user)}}:${kind}`;
}
