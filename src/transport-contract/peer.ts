/** A request as the server received it. */
export interface Arrival {
  method: string;
  /** From `/apps` on, still percent-encoded. */
  path: string;
  headers: Headers;
  text: string;
}

/** The server behind the cases. It answers as a case tells it to, and records every request. */
export interface Peer {
  fetch(request: Request): Promise<Response>;
  /** Sets the answer to every request for a path. */
  answer(path: string, respond: (arrival: Arrival) => Response | Promise<Response>): void;
  /** Returns the requests for a path. */
  arrivals(path: string): Arrival[];
}

export function createPeer(): Peer {
  const answers = new Map<string, (arrival: Arrival) => Response | Promise<Response>>();
  const arrived: Arrival[] = [];
  return {
    async fetch(request) {
      const { pathname, search } = new URL(request.url);
      // The transport's base URL may contain a path.
      const path = `${pathname}${search}`.replace(/^.*?(?=\/apps\/)/, '');
      const arrival = { method: request.method, path, headers: request.headers, text: await request.text() };
      arrived.push(arrival);
      return (await answers.get(path)?.(arrival)) ?? new Response(null, { status: 404 });
    },
    answer: (path, respond) => void answers.set(path, respond),
    arrivals: (path) => arrived.filter((arrival) => arrival.path === path),
  };
}
