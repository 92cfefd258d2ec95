import { v5 } from 'uuid';

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/**
 * Whether a text is a UUID of any version: OneSignal's examples use ones that no version of the standard makes.
 *
 * @internal
 */
export function isUuid(text: string): boolean {
  return uuid.test(text);
}

/**
 * The UUID v5 of a name, as RFC 9562 defines it: the same name under the same namespace gives the same id, on every machine.
 *
 * A namespace that is no UUID becomes part of the name, so that this never throws.
 *
 * @see {@link https://www.rfc-editor.org/rfc/rfc9562#name-uuid-version-5 | RFC 9562, UUID version 5}
 * @internal
 */
export function uuidV5(name: string, namespace: string): string {
  if (!isUuid(namespace)) return v5(JSON.stringify([namespace, name]), new Uint8Array(16));
  const hex = namespace.replaceAll('-', '');
  return v5(
    // A lone surrogate has no UTF-8 form and would make it throw.
    name.replace(/\p{Cs}/gu, '\uFFFD'),
    Uint8Array.from({ length: 16 }, (_, index) => Number.parseInt(hex.slice(2 * index, 2 * index + 2), 16)),
  );
}
