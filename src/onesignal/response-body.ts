/**
 * The body of a response that was read as text: JSON where it is some, else the text; `undefined` where there is nothing.
 *
 * @internal
 */
export function parseBody(text: string): unknown {
  if (text === '') return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
