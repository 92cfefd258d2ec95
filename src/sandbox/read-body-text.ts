/**
 * Bounds the sandbox's memory. OneSignal documents 1 MB for custom events and no limit for the rest (docs/onesignal.md
 * 1).
 */
const MAX_BODY_BYTES = 4_000_000;

/** The text of a body, and its size before decoding. */
export interface BodyText {
  text: string;
  bytes: number;
}

/** Reads a body, or returns `undefined` once it turns out too large, even if its headers announced less. */
export async function readBodyText(request: Request): Promise<BodyText | undefined> {
  if (request.body === null) return { text: '', bytes: 0 };
  const decoder = new TextDecoder();
  const reader = request.body.getReader();
  let text = '';
  let bytes = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return { text: text + decoder.decode(), bytes };
    bytes += value.byteLength;
    if (bytes > MAX_BODY_BYTES) {
      await reader.cancel();
      return undefined;
    }
    text += decoder.decode(value, { stream: true });
  }
}
