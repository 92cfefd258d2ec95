import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { expect, test } from 'vitest';
import { builtPages } from './built-site.js';
import { describeInChromium } from './chromium.js';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

describeInChromium('the site in Chromium', (inContext, site) => {
  test('no page scrolls sideways on a phone', { timeout: 180_000 }, async () => {
    const wide: string[] = [];
    // The pages are complete without their scripts, and load faster that way.
    await inContext({ viewport: { width: 390, height: 844 }, javaScriptEnabled: false }, async (page) => {
      for (const path of builtPages.keys()) {
        await page.goto(`${site.url()}/${path}`);
        const width = await page.evaluate('document.documentElement.scrollWidth');
        if (width !== 390) wide.push(`${path}: ${width}`);
      }
    });
    expect(wide).toEqual([]);
  });

  test('search works as a user types, offline', async () => {
    const others = await inContext({ viewport: { width: 1280, height: 800 } }, async (page) => {
      await page.goto(`${site.url()}/`);
      await page.click('.DocSearch-Button, .VPNavBarSearch button');
      for (const [query, target] of [
        ['user_not_found', '/errors.html#skip-user_not_found'],
        ['express', '/hosts.html#express'],
        ['tagLimit', '/reference/mapping/MappingOptions.html#taglimit'],
        ['flatten', '/reference/mapping/MappingOptions.html#nested'],
      ] as const) {
        await page.fill('#localsearch-input', query);
        await page.waitForSelector(`.results a[href="${target}"]`);
      }
      await page.fill('#localsearch-input', 'user_not_found');
      await page.click('.results a[href="/errors.html#skip-user_not_found"]');
      await page.waitForURL('**/errors.html#skip-user_not_found');
    });
    expect(others).toEqual([]);
  });

  test('a link to a code or a rule highlights its row, even from within the site', async () => {
    await inContext({ viewport: { width: 1280, height: 800 } }, async (page) => {
      await page.goto(`${site.url()}/`);
      await page.click('.vp-doc a[href="/errors.html#skip-user_not_found"]');
      await page.waitForSelector('tr.is-target:has-text("user_not_found")');
      await page.click('td a[href="/mapping.html#m9"]');
      await page.waitForSelector('tr.is-target:has-text("M9")');
      expect(await page.locator('tr.is-target').count()).toBe(1);
      await page.reload();
      await page.waitForSelector('tr.is-target:has-text("M9")');
    });
  });

  test.each(['light', 'dark'] as const)('all text has enough contrast in %s', async (colorScheme) => {
    await inContext({ colorScheme, viewport: { width: 1280, height: 800 } }, async (page) => {
      for (const path of ['', 'testing.html', 'cli.html', 'data-out.html', 'reference/mapping/MappingOptions.html']) {
        await page.goto(`${site.url()}/${path}`);
        await page.evaluate(axe);
        const found = await page.evaluate(
          'axe.run({ runOnly: ["color-contrast"] }).then(({ violations }) => violations.flatMap(({ nodes }) => nodes.map(({ html }) => html)))',
        );
        expect(found).toEqual([]);
      }
    });
  });

  test('the page is dark if the system is, and its switch changes both the page and the drawings', async () => {
    await inContext({ colorScheme: 'dark', viewport: { width: 1280, height: 800 } }, async (page) => {
      await page.goto(`${site.url()}/operations.html`);
      const paper = (): Promise<unknown> =>
        page.evaluate('getComputedStyle(document.querySelector(".drawing .paper")).fill');
      const dark = await paper();
      expect(await page.getAttribute('html', 'class')).toContain('dark');
      await page.click('.VPSwitchAppearance >> visible=true');
      expect(await page.getAttribute('html', 'class')).not.toContain('dark');
      expect(await paper()).not.toBe(dark);
    });
  });
});
