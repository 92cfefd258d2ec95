import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import AxeBuilder from 'axe-core';
import { afterEach, expect, test } from 'vitest';
import { createDestination, createOneSignalTransport } from '../../../src/index.js';
import { audience, exactly, identify } from '../../../src/testing/index.js';
import { listen } from '../../listen.js';
import { describeInChromium } from '../../site/chromium.js';
import { type CliRun, startCli } from '../send/start-cli.js';

const runs: CliRun[] = [];
afterEach(async () => {
  for (const run of runs.splice(0)) {
    run.interrupt();
    await run.exitCode;
  }
});

async function startSandboxCommand(...flags: readonly string[]): Promise<string> {
  const run = startCli(['sandbox', '--port', '0', ...flags], { cwd: tmpdir() });
  runs.push(run);
  for (;;) {
    const [, url] = /sandbox: (\S+)/.exec(run.stdout()) ?? [];
    if (url !== undefined) return url;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

function destinationAt(baseUrl: string) {
  const transport = createOneSignalTransport({ apiKey: 'any', baseUrl });
  return createDestination({ appId: '3f1f9c1e-6d52-4c3b-9d0e-5f2b8a7c6d10', transport });
}

const events = [
  identify({ userId: 'ada', traits: exactly({ plan: 'pro', note: '<img src=x onerror=alert(1)>' }) }),
  audience.entered('vip', { userId: 'ada' }),
];

test('answers as OneSignal does, and shows its data at /status', async () => {
  const url = await startSandboxCommand();
  const [outcome] = await destinationAt(url).deliver(events);
  expect(outcome?.status).toBe('delivered');
  const status: unknown = await (await fetch(`${url}/status`)).json();
  expect(status).toMatchObject({ users: [{ externalId: 'ada', tags: { plan: 'pro', vip: 'true' } }] });
  expect(status).toMatchObject({ segments: [{ name: 'vip', members: ['ada'] }] });
});

test('--strict starts without users, as a new OneSignal app does', async () => {
  const url = await startSandboxCommand('--strict');
  expect(await destinationAt(url).deliver(events)).toMatchObject([{ reason: 'user_not_found' }, {}]);
});

test('a port that is in use is named', async () => {
  const server = await listen(createServer());
  const run = startCli(['sandbox', '--port', new URL(server.url).port], { cwd: tmpdir() });
  expect(await run.exitCode).toBe(1);
  expect(run.stderr()).toContain('it is in use');
  await server.close();
});

describeInChromium('the status page of the sandbox', (inContext) => {
  test.each(['light', 'dark'] as const)('shows requests as they happen (%s)', async (colorScheme) => {
    const url = await startSandboxCommand();
    const others = await inContext({ viewport: { width: 390, height: 844 }, colorScheme }, async (page) => {
      await page.goto(url);
      await page.waitForSelector('#state.live');
      await page.waitForSelector('text=None yet. Send one');
      await destinationAt(url).deliver(events);
      await page.waitForSelector('#users .name:has-text("ada")');
      await page.waitForSelector('#segments :text("1 member: ada")');
      // Data is shown as text, not as HTML.
      expect(await page.locator('#users').innerText()).toContain('<img src=x onerror=alert(1)>');
      expect(await page.locator('#requests tr').count()).toBe(2);
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(390);
      await page.fill('#filter', 'nobody');
      await page.waitForSelector('text=No matches.');
      await page.evaluate(AxeBuilder.source);
      const found = await page.evaluate('axe.run().then(({ violations }) => violations.map(({ id }) => id))');
      expect(found).toEqual([]);
    });
    expect(others.filter((address) => !address.startsWith(url))).toEqual([]);
  });
});
