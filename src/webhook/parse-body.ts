/**
 * What a body is as JSON. Whether it may be looked into is decided first, so a body that is no JSON is a value here, not an error.
 *
 * @internal
 */
export type ParsedBody = { ok: true; value: unknown } | { ok: false };

/** @internal */
export function parseBody(text: string): ParsedBody {
  try {
    return { ok: true, value: JSON.parse(text) };
  } catch {
    return { ok: false };
  }
}
