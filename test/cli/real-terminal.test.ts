import { describe, expect, test } from 'vitest';
import { startSandbox } from '../sandbox-server.js';
import { createFolder } from './folder.js';
import { hasTmux, startInTmux } from './tmux.js';

const appId = '3f1f9c1e-6d52-4c3b-9d0e-5f2b8a7c6d10';
const events = (count: number) =>
  Array.from({ length: count }, (_, index) => {
    const event = { type: 'identify', messageId: `m${index}`, userId: `u${index}`, traits: { index } };
    return `${JSON.stringify(event)}\n`;
  }).join('');

describe.skipIf(!hasTmux)('in a real terminal', () => {
  test('send draws its progress on one line, and can continue after Ctrl-C', async () => {
    const { url, sandbox } = await startSandbox({ unknownUsers: 'known' });
    const cwd = createFolder({ 'a.json': events(2_000) });
    const args = ['send', 'a.json', '--base-url', url, '--app-id', appId, '--checkpoint', 'c.json'];
    const first = startInTmux([...args, '--requests-per-second', '100'], cwd);
    const shown = await first.see(/\d+% · \d+ events · .*requests/);
    expect(shown.match(/requests/g)).toHaveLength(1);
    first.press('C-c');
    await first.see('Finishing the requests in flight. Press Ctrl-C again to stop at once.');
    const end = await first.see('exit 130');
    expect(end).toContain('Run the same command again to continue: c.json records the position.');
    // The progress line is erased.
    expect(end).not.toMatch(/\d+% ·/);
    const second = startInTmux(args, cwd);
    expect(await second.see('exit 0')).toContain('0 failed');
    expect(sandbox.users()).toHaveLength(2_000);
    expect(sandbox.requests()).toHaveLength(2_000);
  });

  test('a second Ctrl-C stops at once', async () => {
    const { url, sandbox } = await startSandbox({ unknownUsers: 'known' });
    sandbox.fail({ delayMs: 20_000 });
    const cwd = createFolder({ 'a.json': events(10) });
    const run = startInTmux(['send', 'a.json', '--base-url', url, '--app-id', appId], cwd);
    await run.see('0 events');
    while (sandbox.requests().length === 0) await new Promise((resolve) => setTimeout(resolve, 20));
    run.press('C-c');
    await run.see('Press Ctrl-C again');
    run.press('C-c');
    await run.see('exit 130');
  });

  test('serve shows events as they arrive; d shows details, r delivers again, q quits', async () => {
    const cwd = createFolder();
    const run = startInTmux(['serve', '--port', '0', '--sandbox', '--allow-unsigned'], cwd);
    const [, url = '', sandboxUrl] =
      /Receiving at (\S+), sandbox at (\S+)/.exec(await run.see('Waiting for events.')) ?? [];
    const post = (event: object) =>
      fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(event) });
    await post({ type: 'identify', userId: 'ada', traits: { plan: 'pro' } });
    await post({ type: 'page', userId: 'bob\u001b[2J' });
    const shown = await run.see('page');
    expect(shown).toMatch(/› .*skipped unsupported_type +page +bob \[2J/);
    run.press('Down');
    await run.see(/› .*delivered +identify +ada/);
    run.press('d');
    await run.see('"update_user"');
    run.press('r');
    await run.see('(2 times)');
    const status: unknown = await (await fetch(`${sandboxUrl}/status`)).json();
    expect(status).toMatchObject({ requests: 2 });
    run.press('q');
    await run.see('exit 0');
  });
});
