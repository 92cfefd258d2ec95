/**
 * Turns a function that answers requests into a Fetch handler.
 *
 * @param name - What the handler is called in the message for a request that is not a Fetch Request.
 * @internal
 */
export function toFetchHandler(
  name: string,
  answer: (request: Request) => Promise<Response>,
): (request: Request) => Promise<Response> {
  // Not async: Express 4 hands what a handler throws to its error handler, but ignores a rejection.
  return (request) => {
    checkRequest(name, request);
    return answer(request);
  };
}

/** Express and `node:http` would call the handler with Node's request, and wait forever for an answer. */
function checkRequest(name: string, request: unknown): void {
  if (typeof Object(Object(request).headers).get === 'function') return;
  throw new TypeError(
    `The ${name} handler takes a Fetch Request. In Express and node:http, mount toNodeListener(handler) from segment-onesignal/node.`,
  );
}
