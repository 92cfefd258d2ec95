import { v5 } from 'uuid';
import { isUuid } from './is-uuid.js';

/**
 * The UUID v5 of a name in a namespace. The same name in the same namespace gives the same UUID on every machine.
 *
 * Never throws: a namespace that is not a UUID becomes a part of the name.
 *
 * @see {@link https://www.rfc-editor.org/rfc/rfc9562#name-uuid-version-5 | RFC 9562, UUID version 5}
 * @internal
 */
export function uuidV5(name: string, namespace: string): string {
  if (!isUuid(namespace)) return v5(JSON.stringify([namespace, name]), new Uint8Array(16));
  const hex = namespace.replaceAll('-', '');
  return v5(
    // A lone surrogate has no UTF-8 form, and `v5` would throw.
    name.replace(/\p{Cs}/gu, '\uFFFD'),
    Uint8Array.from({ length: 16 }, (_, index) => Number.parseInt(hex.slice(2 * index, 2 * index + 2), 16)),
  );
}
