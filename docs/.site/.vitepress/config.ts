import { existsSync, readFileSync } from 'node:fs';
import { type DefaultTheme, defineConfig } from 'vitepress';
import { readCodes } from '../codes.js';
import { inlineDrawings } from '../markdown/drawings.js';
import { linkCodes } from '../markdown/link-codes.js';
import { ExportLinks, linkExports, linkNames } from '../markdown/link-exports.js';
import { linkRules, readRules } from '../markdown/link-rules.js';
import { keepLiquid } from '../markdown/liquid.js';
import { prepareForPhones } from '../markdown/phone.js';
import { slugOf } from '../markdown/slug.js';
import { background, type Guide, guides, tools } from '../navigation.js';
import { output, pages, root } from '../places.js';
import { exportsOfGroup } from '../reference/group-page.js';
import { type Group, groups } from '../reference/groups.js';
import type { Export } from '../reference/write.js';
import { renderForSearch, searchOptions, splitIntoSections, tokenize } from '../search.js';

const { version, description } = JSON.parse(readFileSync(`${root}package.json`, 'utf8'));
const exports: Export[] = JSON.parse(readFileSync(`${pages}/exports.json`, 'utf8'));
const links = new ExportLinks(exports);
const icon =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="7" fill="#3451b2"/>' +
  '<path d="M7 16h12M14 10l6 6-6 6M24 8v16" fill="none" stroke="#fff" stroke-width="3" stroke-linecap="round"/></svg>';
/** Where the site will stand. Set it to serve the site from a folder: `SITE_BASE=/segment-onesignal/`. */
const base = process.env.SITE_BASE ?? '/';

const itemsOf = (list: readonly Guide[]): DefaultTheme.SidebarItem[] =>
  list.filter(({ source }) => existsSync(root + source)).map(({ text, page }) => ({ text, link: `/${page}` }));

/** The sidebar of the guides, or of a group of the reference, which shows its exports. */
const sidebarOf = (open?: Group): DefaultTheme.SidebarItem[] => [
  { text: 'Guides', items: itemsOf(guides) },
  {
    text: 'Reference',
    link: '/reference/',
    items: groups.map((group) => {
      const link = { text: group.text, link: `/reference/${group.folder}/` };
      const items = exportsOfGroup(group, exports).map(({ name, page }) => ({
        text: name,
        link: `/reference/${page}`,
      }));
      return group === open ? { ...link, items } : link;
    }),
  },
  { text: 'Background', items: itemsOf(background) },
];

export default defineConfig({
  base,
  srcDir: '.pages',
  outDir: output,
  title: 'segment-onesignal',
  description,
  lang: 'en',
  // An icon of its own, so that browsers do not ask for one.
  head: [['link', { rel: 'icon', href: `data:image/svg+xml,${encodeURIComponent(icon)}` }]],
  vite: {
    // The search index and the playground are large, and are loaded when somebody uses them.
    build: { chunkSizeWarningLimit: 2_000 },
    // The playground runs the package as it is published.
    resolve: {
      alias: [
        { find: /^segment-onesignal$/, replacement: `${root}dist/index.js` },
        { find: /^segment-onesignal\/testing$/, replacement: `${root}dist/testing.js` },
      ],
    },
  },
  markdown: {
    anchor: { slugify: slugOf },
    // The default themes have too little contrast.
    theme: { light: 'github-light-high-contrast', dark: 'github-dark-default' },
    // Braces in the text are options, not attributes.
    attrs: { disable: true },
    codeTransformers: [linkNames(links, base)],
    config(md) {
      inlineDrawings(md);
      keepLiquid(md);
      linkExports(md, links);
      linkCodes(md, readCodes());
      linkRules(md, readRules());
      prepareForPhones(md);
    },
  },
  themeConfig: {
    nav: [
      { text: 'Guides', link: '/get-started', activeMatch: `^/(?:${guides.map(({ page }) => page).join('|')})` },
      { text: 'Reference', link: '/reference/', activeMatch: '^/reference/' },
      ...tools.filter(({ source }) => existsSync(root + source)).map(({ text, page }) => ({ text, link: `/${page}` })),
      { text: `v${version}`, link: '/changelog' },
    ],
    sidebar: {
      ...Object.fromEntries(groups.map((group) => [`/reference/${group.folder}/`, sidebarOf(group)])),
      '/': sidebarOf(),
    },
    outline: { level: [2, 3] },
    externalLinkIcon: false,
    search: {
      provider: 'local',
      options: {
        _render: renderForSearch,
        miniSearch: {
          options: { tokenize },
          searchOptions,
          _splitIntoSections: splitIntoSections,
        },
      },
    },
  },
});
