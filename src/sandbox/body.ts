/** OneSignal documents 1 MB for custom events and nothing for the rest (docs/onesignal.md 1); this only keeps the sandbox's memory bounded. */
const MAX_BODY_BYTES = 4_000_000;

/** A body that was read; `undefined` where it is longer than anything that OneSignal takes. */
export interface BodyText {
  text: string;
  bytes: number;
}

/** Reads the body as it comes and stops where it is too long, whatever its headers promise. */
export async function readBody(request: Request): Promise<BodyText | undefined> {
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
