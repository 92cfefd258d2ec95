import type { ServerResponse } from 'node:http';

/**
 * Answers `{ "error": … }` as JSON.
 *
 * If the answer has already begun, the connection is cut instead, so that the client cannot mistake half an answer for
 * a whole one.
 */
export function answerError(outgoing: ServerResponse, status: number, error: string): void {
  if (outgoing.headersSent || outgoing.destroyed) {
    outgoing.destroy();
    return;
  }
  outgoing.writeHead(status, { 'content-type': 'application/json; charset=utf-8' });
  outgoing.end(JSON.stringify({ error }));
}

/**
 * Writes a Fetch `Response` to Node's response, with backpressure.
 *
 * Rejects if the stream of the body fails. A client that disconnects is not a failure; it only cancels the stream.
 */
export async function writeResponse(outgoing: ServerResponse, response: Response, withBody: boolean): Promise<void> {
  // Comes first: a body that was already used throws here, while the answer can still be a 500.
  const reader = response.body?.getReader();
  // A stream may reject its cancellation, and there is no one left to report that to.
  const cancel = () => void reader?.cancel().catch(() => {});
  if (outgoing.destroyed) return cancel();
  outgoing.once('close', cancel);
  outgoing.writeHead(response.status, response.statusText, nodeHeadersOf(response));
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

function nodeHeadersOf({ headers }: Response): Record<string, string | string[]> {
  const cookies = headers.getSetCookie();
  const fields: Record<string, string | string[]> = Object.fromEntries(
    [...headers].filter(([name]) => name !== 'set-cookie'),
  );
  // Cookies may contain commas, so Set-Cookie is the one header whose values cannot be joined.
  if (cookies.length > 0) fields['set-cookie'] = cookies;
  return fields;
}

/** Also resolves on 'close', because a client that disconnects never drains. */
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
