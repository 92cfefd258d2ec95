import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { type Browser, type BrowserContext, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe } from 'vitest';
import { listen } from '../listen.js';
import { createSiteServer } from './serve.js';

/** The installed Chromium, because playwright-core does not include one. */
const executablePath = (process.env.PATH ?? '')
  .split(delimiter)
  .flatMap((folder) => ['chromium', 'chromium-browser', 'google-chrome'].map((name) => join(folder, name)))
  .find((file) => existsSync(file));
if (executablePath === undefined) console.warn('skipped: chromium is not installed (apt-get install chromium)');

/** Runs in its own browser context, and returns the URLs that its pages requested from elsewhere than the site. */
export type InContext = (
  options: BrowserContextOptions,
  run: (page: Page, context: BrowserContext) => Promise<void>,
) => Promise<string[]>;

/** Tests that open the built site in Chromium. They are skipped if Chromium is not installed. */
export function describeInChromium(name: string, tests: (inContext: InContext, site: { url(): string }) => void): void {
  describe.skipIf(executablePath === undefined)(name, () => {
    let browser: Browser;
    let site: Awaited<ReturnType<typeof listen>>;
    beforeAll(async () => {
      site = await listen(createSiteServer());
      browser = await chromium.launch({ executablePath: executablePath ?? '', args: ['--no-sandbox'] });
    });
    afterAll(async () => {
      await browser.close();
      await site.close();
    });
    const inContext: InContext = async (options, run) => {
      const context = await browser.newContext(options);
      const others: string[] = [];
      context.on('request', (request) => {
        if (!/^(?:data|blob):/.test(request.url()) && !request.url().startsWith(site.url)) others.push(request.url());
      });
      try {
        await run(await context.newPage(), context);
      } finally {
        await context.close();
      }
      return others;
    };
    tests(inContext, { url: () => site.url });
  });
}
