import type { ServerResponse } from 'node:http';

/** Sends changes to open pages by server-sent events. */
export interface LiveFeed {
  /** Answers a page's request with a stream. */
  add(response: ServerResponse): void;
  /** Says that there is something new. */
  change(): void;
  close(): void;
}

/** A page gets at most two snapshots a second, and fewer if they take long. */
const leastWaitMs = 500;
const waitPerWork = 10;

/** @param snapshot - Called only while a page is open. */
export function createLiveFeed(snapshot: () => unknown): LiveFeed {
  const pages = new Set<ServerResponse>();
  let timer: NodeJS.Timeout | undefined;
  let waitMs = leastWaitMs;
  const messageOf = (): string => {
    const startedAt = performance.now();
    const message = `data: ${JSON.stringify(snapshot())}\n\n`;
    waitMs = Math.max(leastWaitMs, (performance.now() - startedAt) * waitPerWork);
    return message;
  };
  return {
    add(response) {
      response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
      response.write(messageOf());
      pages.add(response);
      response.once('close', () => pages.delete(response));
    },
    change() {
      if (pages.size === 0 || timer !== undefined) return;
      timer = setTimeout(() => {
        timer = undefined;
        const message = messageOf();
        for (const page of pages) page.write(message);
      }, waitMs);
    },
    close() {
      clearTimeout(timer);
      for (const page of pages) page.end();
    },
  };
}
