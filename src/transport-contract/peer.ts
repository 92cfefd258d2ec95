/** A request as it arrived. */
export interface Arrival {
  method: string;
  /** From `/apps` on, as it stood on the wire. */
  path: string;
  headers: Headers;
  text: string;
}

/** The other end: answers as a case wants it to, and keeps what arrived. */
export interface Peer {
  fetch(request: Request): Promise<Response>;
  /** Answers each request for a path by this, until another is given. */
  answer(path: string, respond: (arrival: Arrival) => Response | Promise<Response>): void;
  /** What arrived for a path. */
  arrivals(path: string): Arrival[];
}

export function createPeer(): Peer {
  const answers = new Map<string, (arrival: Arrival) => Response | Promise<Response>>();
  const arrived: Arrival[] = [];
  return {
    async fetch(request) {
      const { pathname, search } = new URL(request.url);
      // A transport may be given a base URL with a path.
      const path = `${pathname}${search}`.replace(/^.*?(?=\/apps\/)/, '');
      const arrival = { method: request.method, path, headers: request.headers, text: await request.text() };
      arrived.push(arrival);
      return (await answers.get(path)?.(arrival)) ?? new Response(null, { status: 404 });
    },
    answer: (path, respond) => void answers.set(path, respond),
    arrivals: (path) => arrived.filter((arrival) => arrival.path === path),
  };
}
