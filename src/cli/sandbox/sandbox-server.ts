import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { toNodeListener } from 'segment-onesignal/node';
import { createSandbox, type SandboxOptions } from 'segment-onesignal/sandbox';
import { createLiveFeed } from './live-feed.js';
import { type SeenRequest, takeSnapshot } from './snapshot.js';
import { statusPage } from './status-page.js';

const shownRequests = 50;

/** No other site may read what the page shows, and the page loads nothing from elsewhere. */
const pageHeaders = {
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy':
    "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; connect-src 'self'",
  'x-content-type-options': 'nosniff',
};

/** An in-memory OneSignal with a status page at `/`, its data at `/status`, and all of OneSignal's paths. */
export function createSandboxServer(options: SandboxOptions): { readonly server: Server; close(): void } {
  const sandbox = createSandbox(options);
  const latest: SeenRequest[] = [];
  let total = 0;
  const feed = createLiveFeed(() => takeSnapshot(sandbox, latest, total));
  const see = ({ method, url }: Request, status: number | undefined): void => {
    const { pathname, search } = new URL(url);
    latest.push({ method, path: `${pathname}${search}`, status, at: Date.now() });
    if (latest.length > shownRequests) latest.shift();
    total++;
    feed.change();
  };
  const answerOneSignal = toNodeListener(async (request) => {
    try {
      const response = await sandbox.fetch(request);
      see(request, response.status);
      return response;
    } catch (thrown) {
      see(request, undefined);
      throw thrown;
    }
  });
  const answer = (request: IncomingMessage, response: ServerResponse): void => {
    const path = request.method === 'GET' ? request.url : undefined;
    if (path === '/') response.writeHead(200, pageHeaders).end(statusPage);
    else if (path === '/live') feed.add(response);
    else if (path === '/status') answerStatus(response);
    else if (path === '/favicon.ico') response.writeHead(204).end();
    else answerOneSignal(request, response);
  };
  const answerStatus = (response: ServerResponse): void => {
    const status = { requests: total, users: sandbox.users(), segments: sandbox.segments() };
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(status));
  };
  return { server: createServer(answer), close: feed.close };
}
