import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { afterEach } from 'vitest';

/** A request as it arrived. */
export interface ReceivedRequest {
  method: string;
  url: string;
  headers: IncomingMessage['headers'];
  body: string;
}

/** A real HTTP server on this machine that answers as a test wants. */
export interface LocalServer {
  /** `http://127.0.0.1:54321`, without a slash at the end. */
  url: string;
  /** The requests, in order of arrival. */
  requests: ReceivedRequest[];
  /** Answers all later requests. */
  answer: (response: ServerResponse, request: ReceivedRequest) => void;
  /** Closes the server now. After the test it closes by itself. */
  close(): Promise<void>;
}

const started: LocalServer[] = [];

/** Starts a server on a free port, which is closed after the test. It answers 202 and `{}` until told otherwise. */
export async function startLocalServer(answer?: LocalServer['answer']): Promise<LocalServer> {
  const server = createServer((incoming, response) => {
    const chunks: Buffer[] = [];
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
    incoming.on('end', () => {
      const { method = '', url = '', headers } = incoming;
      const request = { method, url, headers, body: Buffer.concat(chunks).toString() };
      local.requests.push(request);
      local.answer(response, request);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('the server has no port');
  const local: LocalServer = {
    url: `http://127.0.0.1:${address.port}`,
    requests: [],
    answer: answer ?? json(202, {}),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  started.push(local);
  return local;
}

/** A JSON answer. */
export function json(status: number, body: unknown, headers: Record<string, string> = {}): LocalServer['answer'] {
  return (response) => {
    response.writeHead(status, { 'content-type': 'application/json', ...headers });
    response.end(JSON.stringify(body));
  };
}

afterEach(async () => {
  for (const server of started.splice(0)) await server.close();
});
