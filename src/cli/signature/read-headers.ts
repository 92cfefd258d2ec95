/**
 * Reads captured headers: a JSON object, or lines such as `X-Signature: 3f…`, with or without a request line above and
 * curl's `<` and `>` before them. Names become lower-case.
 */
export function readHeaders(text: string): ReadonlyMap<string, string> {
  return new Map(
    (text.trimStart().startsWith('{') ? fromJson(text) : fromLines(text)).map(([name, value]) => [
      name.toLowerCase(),
      value.trim(),
    ]),
  );
}

function fromJson(text: string): [string, string][] {
  const parsed: unknown = JSON.parse(text);
  return Object.entries(Object(parsed)).map(([name, value]) => [
    name,
    Array.isArray(value) ? value.join(', ') : String(value),
  ]);
}

function fromLines(text: string): [string, string][] {
  return text.split(/\r?\n/).flatMap((line): [string, string][] => {
    const [, name = '', value = ''] = /^[<>]? *([!#$%&'*+.^_`|~\w-]+): *(.*)$/.exec(line) ?? [];
    return name === '' ? [] : [[name, value]];
  });
}
