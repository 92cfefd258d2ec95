import type { ServerResponse } from 'node:http';

/** Answers in JSON with nothing but a sentence; if the answer has already begun, cuts it off, so that nobody takes half of it for the whole. */
export function answerError(outgoing: ServerResponse, status: number, error: string): void {
  if (outgoing.headersSent || outgoing.destroyed) {
    outgoing.destroy();
    return;
  }
  outgoing.writeHead(status, { 'content-type': 'application/json; charset=utf-8' });
  outgoing.end(JSON.stringify({ error }));
}

/**
 * Writes a Fetch `Response` to Node's, as fast as the client reads it.
 *
 * Rejects when the body's stream fails; a client that leaves is no failure, it only cancels the stream.
 */
export async function writeResponse(outgoing: ServerResponse, response: Response, withBody: boolean): Promise<void> {
  // First: a body that was used already throws here, while a 500 can still be answered.
  const reader = response.body?.getReader();
  // A stream may fail on being cancelled; there is nobody left to tell.
  const cancel = () => void reader?.cancel().catch(() => {});
  if (outgoing.destroyed) return cancel();
  outgoing.once('close', cancel);
  outgoing.writeHead(response.status, response.statusText, headersOf(response));
  if (reader === undefined || !withBody) {
    cancel();
    outgoing.end();
    return;
  }
  for (;;) {
    const { done, value } = await reader.read();
    if (outgoing.destroyed) return;
    if (done) break;
    if (!outgoing.write(value)) await drained(outgoing);
  }
  outgoing.end();
}

function headersOf({ headers }: Response): Record<string, string | string[]> {
  const cookies = headers.getSetCookie();
  const fields: Record<string, string | string[]> = Object.fromEntries(
    [...headers].filter(([name]) => name !== 'set-cookie'),
  );
  // Cookies hold commas: they are the one header that cannot be joined.
  if (cookies.length > 0) fields['set-cookie'] = cookies;
  return fields;
}

/** A client that leaves never drains, hence 'close' too. */
function drained(outgoing: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    const proceed = () => {
      outgoing.off('drain', proceed);
      outgoing.off('close', proceed);
      resolve();
    };
    outgoing.on('drain', proceed);
    outgoing.on('close', proceed);
  });
}
