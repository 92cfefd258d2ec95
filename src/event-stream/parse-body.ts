/** A body, and whether a part of it could not be read. */
export interface ParsedBody {
  body: unknown;
  /** The body is not JSON. Only its ids could be read. */
  isIncomplete: boolean;
}

/** What can be read off a body that is not JSON, because none of it can contain a quote. */
const idFields = [
  'event.kind',
  'event.id',
  'event.timestamp',
  'event.datetime',
  'event.subscription_device_type',
  'event.subscription_id',
  'event.onesignal_id',
  'event.external_id',
  'message.id',
  'message.template_id',
];
const controlCharacter = /\p{Cc}/gu;

/**
 * Parses a body. Liquid has no filter for JSON, so a title with a line break, a backslash or a quote gives a body that is
 * not JSON.
 *
 * Line breaks become spaces, and backslashes stay. Of a body with a bare quote, the ids are still read by their names.
 *
 * @returns `undefined` if nothing can be read.
 */
export function parseStreamBody(text: string): ParsedBody | undefined {
  // Between the values, a space is as good as a line break. Liquid escapes nothing, so a backslash is only a backslash.
  const onOneLine = text.replace(controlCharacter, ' ');
  const body = parse(text) ?? parse(onOneLine) ?? parse(onOneLine.replaceAll('\\', '\\\\'));
  if (body !== undefined) return { body: body.value, isIncomplete: false };
  const ids = readIds(text);
  return ids === undefined ? undefined : { body: ids, isIncomplete: true };
}

function parse(text: string): { value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) };
  } catch {
    return undefined;
  }
}

function readIds(text: string): Record<string, string> | undefined {
  const ids: Record<string, string> = {};
  for (const name of idFields) {
    const found = text.split(new RegExp(`"${name.replace('.', '[._]')}"`));
    // A title may contain the name of a field, to pass for another user.
    if (found.length > 2) return undefined;
    const value = /^\s*:\s*(?:"([^"\\\p{Cc}]{0,512})"|([\d.]{1,20}))\s*[,}]/u.exec(found[1] ?? '');
    if (value !== null) ids[name] = value[1] ?? value[2] ?? '';
  }
  return ids;
}
