import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { sampleGroups } from '../../../docs/.site/playground/model/samples.js';
import { anchorsOf, builtPage } from '../built-site.js';
import { describeInChromium } from '../chromium.js';

const desktop = { viewport: { width: 1440, height: 900 } };
const phone = { viewport: { width: 390, height: 844 } };
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

const planTab = '#playground-result-plan';
const mappingEditor = '.pane-mapping .cm-content';
const eventEditor = '.pane-events .cm-content';
const tab = (name: string): string => `[role=tab]:has-text("${name}")`;

/** Replaces the text of an editor as a user does: select all, then type. */
async function write(page: Page, editor: string, text: string): Promise<void> {
  await page.click(editor);
  await page.keyboard.press('Control+a');
  await page.keyboard.insertText(text);
}

describeInChromium('the playground in Chromium', (inContext, site) => {
  const open = async (page: Page, fragment = ''): Promise<void> => {
    // VitePress throws errors of its own when a page is left early.
    page.on('pageerror', (error) => {
      if (error.stack?.includes('PlaygroundPage')) throw error;
    });
    await page.goto(`${site.url()}/playground.html${fragment}`);
    await page.waitForSelector('.playground .pane-events .cm-content, .playground .pane-tabs');
  };

  test('typing an option changes the plan, and nothing is sent anywhere', async () => {
    const others = await inContext(desktop, async (page) => {
      await open(page);
      await page.waitForSelector(`${planTab} :text("shop_first_name")`);
      await write(page, mappingEditor, '{ "prefix": "acme_", "nested": "flatten" }');
      await page.waitForSelector(`${planTab} :text("acme_address_city")`);
      expect(await page.textContent('.about')).toMatch(/Runs segment-onesignal [\d.]+ as published: \d\d kB/);
    });
    expect(others).toEqual([]);
  });

  test('names and values of options can be completed by keyboard, with their doc comment', async () => {
    await inContext(desktop, async (page) => {
      await open(page);
      await write(page, mappingEditor, '{  }');
      await page.keyboard.press('ArrowLeft');
      await page.keyboard.press('ArrowLeft');
      await page.keyboard.type('nes');
      await page.waitForSelector('.cm-tooltip-autocomplete :text("nested")');
      expect(await page.textContent('.cm-completionInfo')).toContain('Whether objects are dropped with reason nested');
      // A key that is pressed too early would count as typing.
      await page.waitForTimeout(100);
      await page.keyboard.press('Enter');
      await page.waitForSelector('.cm-tooltip-autocomplete :text("flatten")');
      await page.waitForTimeout(100);
      await page.keyboard.press('ArrowDown');
      await page.keyboard.press('Enter');
      await page.waitForSelector(`${planTab} :text("address_city")`);
      expect(await page.textContent(mappingEditor)).toBe('{ "nested": "flatten" }');
    });
  });

  test('a mistake in the mapping is underlined in place, and the last plan stays', async () => {
    await inContext(desktop, async (page) => {
      await open(page);
      await page.waitForSelector(`${planTab} :text("shop_first_name")`);
      await write(page, mappingEditor, '{\n  "prefix": "a",\n  "nestd": "flatten"\n}');
      await page.waitForSelector('.pane-mapping .problem');
      expect(await page.textContent('.pane-mapping .problem')).toBe(
        'Line 3: Unknown option "nestd". Did you mean "nested"?',
      );
      expect(await page.textContent('.pane-mapping .cm-lintRange-error')).toBe('"nestd"');
      expect(await page.textContent('.banner')).toContain('The mapping options have a mistake.');
      expect(await page.textContent(planTab)).toContain('shop_first_name');
    });
  });

  test('broken JSON is explained, and fixing it brings the plan back', async () => {
    await inContext(desktop, async (page) => {
      await open(page);
      await write(page, eventEditor, "{ type: 'identify' }");
      await page.waitForSelector('.pane-events .problem');
      expect(await page.textContent('.pane-events .problem')).toBe('Line 1: Names need double quotes in JSON: "type".');
      expect(await page.textContent('.events .current')).toContain('not JSON');
      await write(page, eventEditor, '{ "type": "identify", "userId": "u1", "traits": { "color": "red" } }');
      await page.waitForSelector(`${planTab} :text("shop_color")`);
    });
  });

  test('a pasted array becomes one event per element', async () => {
    await inContext(desktop, async (page) => {
      await open(page);
      await write(page, eventEditor, '[{ "type": "identify", "userId": "u1" }, { "type": "page", "userId": "u1" }]');
      await page.click('text=Split into separate events');
      expect(await page.locator('.events li').count()).toBe(5);
    });
  });

  test('every sample can be added, and its reasons link to their rows on the errors page', {
    timeout: 180_000,
  }, async () => {
    const links = new Set<string>();
    await inContext(desktop, async (page) => {
      await open(page);
      await write(page, mappingEditor, '{ "include": ["plan"] }');
      for (const { builder } of sampleGroups.flatMap(({ samples }) => samples)) {
        await page.selectOption('#playground-sample', builder);
        await page.click('.adder .button');
        const count = await page.locator('.events li').count();
        await page.waitForSelector(`.stepper :text("Event ${count} of ${count}")`);
        await page.waitForSelector(`.events li:nth-child(${count}) .status:is(.planned, .skipped)`);
        await page.waitForSelector(`${planTab} .headline`);
        for (const link of await page.locator(`${planTab} a.code`).all())
          links.add((await link.getAttribute('href')) ?? '');
      }
      expect(await page.locator('.events li').count()).toBe(4 + 25);
    });
    expect(links.size).toBeGreaterThan(3);
    const anchors = anchorsOf(builtPage('errors.html'));
    for (const link of links) expect(anchors).toContain(link.replace('/errors.html#', ''));
  });

  test('stepping back and forth shows members who enter and leave', async () => {
    await inContext(desktop, async (page) => {
      await open(page);
      await page.click(tab('OneSignal'));
      await page.waitForSelector(':text("No segment yet")');
      await page.focus('.steps button:last-child');
      await page.keyboard.press('Enter');
      await page.waitForSelector('.card:has-text("Big Spenders") .changes .added:has-text("user-1")');
      await page.keyboard.press('Enter');
      await page.keyboard.press('Enter');
      await page.waitForSelector('.card:has-text("Big Spenders") .changes .removed:has-text("user-1")');
      await page.click('.steps button:first-child');
      await page.waitForSelector('.card:has-text("Big Spenders") .changes .same:has-text("user-1")');
      await page.selectOption('#playground-users', 'none');
      await page.waitForSelector('a[href="/errors.html#skip-user_not_found"]');
    });
  });

  test('a link shows somebody else the same playground, and a broken link says so', async () => {
    const permissions = ['clipboard-read', 'clipboard-write'];
    let link = '';
    await inContext({ ...desktop, permissions }, async (page) => {
      await open(page);
      await write(page, mappingEditor, '{ "prefix": "linked_" }');
      await page.waitForSelector(`${planTab} :text("linked_plan")`);
      await page.click('text=Copy link');
      await page.waitForSelector('text=Link copied');
      link = String(await page.evaluate('navigator.clipboard.readText()'));
      expect(page.url()).toBe(link);
      await write(page, mappingEditor, '{ "prefix": "later_" }');
      await page.waitForFunction('location.hash === ""');
    });
    await inContext(desktop, async (page) => {
      await open(page, new URL(link).hash);
      await page.waitForSelector(`${planTab} :text("linked_plan")`);
    });
    await inContext(desktop, async (page) => {
      await open(page, '#1.nonsense');
      await page.waitForSelector('.notice:has-text("The link is incomplete or was changed.")');
      await page.waitForSelector(`${planTab} :text("shop_first_name")`);
    });
  });

  test('a playground that "Start over" or a link replaces can be restored', async () => {
    await inContext(desktop, async (page) => {
      await open(page);
      await write(page, mappingEditor, '{ "prefix": "mine_" }');
      await page.waitForSelector(`${planTab} :text("mine_plan")`);
      await page.click('text=Start over');
      await page.waitForSelector(`${planTab} :text("shop_first_name")`);
      await page.click('text=Restore your own');
      await page.waitForSelector(`${planTab} :text("mine_plan")`);
      expect(await page.textContent('.notice')).toBe('');
    });
  });

  test('on a phone, the editor has a fixed height instead of its full length', async () => {
    await inContext(phone, async (page) => {
      await open(page);
      const box = await page.locator('.pane-events .editor').boundingBox();
      expect(box?.height).toBe(340);
    });
  });

  test('typed text survives a visit to another page', async () => {
    await inContext(desktop, async (page) => {
      await open(page);
      await write(page, mappingEditor, '{ "prefix": "kept_" }');
      await page.waitForSelector(`${planTab} :text("kept_plan")`);
      await page.click(`${planTab} a.code`);
      await page.waitForURL('**/errors.html#*');
      await page.goBack();
      await page.waitForSelector(`${planTab} :text("kept_plan")`);
    });
  });

  test('requests are curl commands without a key, and the exports can be copied', async () => {
    await inContext(desktop, async (page) => {
      await open(page);
      await page.click(tab('Requests'));
      await page.waitForSelector('pre:has-text("curl -X PATCH")');
      expect(await page.textContent('.block pre')).toContain('"Authorization: Key $ONESIGNAL_API_KEY"');
      await page.click(tab('Export'));
      await page.waitForSelector('pre:has-text("expect(summaryOf(plan)")');
      await page.click(tab('Golden file'));
      expect(await page.locator('.block-title').allTextContents()).toEqual([
        'test/events/playground.json',
        'test/plans/playground.json',
      ]);
      await page.click(tab('defineMapping'));
      await page.waitForSelector('pre:has-text("export const mapping = defineMapping({")');
    });
  });

  test('everything can be reached by keyboard, and Tab leaves the editors', async () => {
    await inContext(desktop, async (page) => {
      await open(page);
      await page.focus('#playground-sample');
      const reached = new Set<string>();
      for (let press = 0; press < 30; press++) {
        await page.keyboard.press('Tab');
        const focused = await page.evaluate(
          '[document.activeElement.getAttribute("aria-label") ?? document.activeElement.textContent.trim()].join()',
        );
        reached.add(String(focused));
      }
      expect([...reached]).toEqual(
        expect.arrayContaining([
          'Add',
          'Segment event, as JSON',
          'Mapping options, as JSON',
          'Next →',
          'Plan',
          'identifier',
        ]),
      );
      await page.focus(tab('Plan'));
      await page.keyboard.press('ArrowRight');
      await page.waitForSelector(`${tab('Requests')}[aria-selected=true]:focus`);
    });
  });

  test('no part scrolls sideways on a phone', async () => {
    await inContext(phone, async (page) => {
      await open(page);
      const widths: Record<string, unknown> = {};
      const measure = async (name: string): Promise<void> => {
        await page.waitForTimeout(100);
        widths[name] = await page.evaluate('document.documentElement.scrollWidth');
      };
      for (const name of ['Events', 'Mapping', 'Result']) {
        await page.click(`.pane-tabs ${tab(name)}`);
        await measure(name);
      }
      for (const name of ['Requests', 'OneSignal', 'Export', 'Golden file']) {
        await page.click(tab(name));
        await measure(name);
      }
      expect(new Set(Object.values(widths))).toEqual(new Set([390]));
    });
  });

  test.each([
    ['light', 'desktop'],
    ['dark', 'desktop'],
    ['light', 'phone'],
    ['dark', 'phone'],
  ] as const)('axe finds no problems in %s on a %s', { timeout: 180_000 }, async (colorScheme, device) => {
    await inContext({ ...(device === 'phone' ? phone : desktop), colorScheme }, async (page) => {
      await open(page);
      await page.evaluate(axe);
      const violations: unknown[] = [];
      const check = async (): Promise<void> => {
        await page.waitForTimeout(200);
        // VitePress's search button shows a key besides its name.
        const found = await page.evaluate(
          'axe.run({ exclude: [".DocSearch-Button"] }).then(({ violations }) => violations.map(({ id, nodes }) => [id, ...nodes.map(({ html }) => html)]))',
        );
        if (Array.isArray(found)) violations.push(...found);
      };
      await check();
      if (device === 'phone') {
        await page.click(`.pane-tabs ${tab('Mapping')}`);
        await write(page, mappingEditor, '{ "nestd": 1 }');
        await check();
        await page.click(`.pane-tabs ${tab('Result')}`);
        await check();
      } else {
        for (const name of ['Requests', 'OneSignal', 'Export']) {
          await page.click(tab(name));
          await check();
        }
        await page.click('.steps button:last-child');
        await page.click(tab('OneSignal'));
        await check();
        await write(page, eventEditor, '{ "type": 1,, }');
        await check();
      }
      expect(violations).toEqual([]);
    });
  });
});
