import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { Application, type DeclarationReflection, PageEvent, Reflection, ReflectionKind } from 'typedoc';
import { load as loadMarkdown } from 'typedoc-plugin-markdown';
import { pages, root, siteSources } from '../places.js';
import { readOptions } from '../playground/options/read-options.js';
import { writeGroupPages } from './group-page.js';
import { finishPage } from './page.js';
import { entriesFolder, GroupRouter, groupOfReflection, isExport, specifierOf } from './router.js';

/** An export of the package, for the navigation and for links to its page. */
export interface Export {
  name: string;
  /** `function`, `class`, `interface`, `type` or `constant`. */
  kind: string;
  /** The first sentence of its doc comment, as Markdown. */
  summary: string;
  /** The folder of its group. */
  group: string;
  /** Its page below `reference`, such as `mapping/mapEvent`. Names that differ in case only get a number. */
  page: string;
  /** The entry point that exports it, such as `segment-onesignal/webhook`. */
  from: string;
}

/** Its list, for VitePress and `llms.txt`. */
export const exportsFile: string = `${pages}/exports.json`;
/** The mapping options with their doc comments, for the playground. */
export const optionsFile: string = `${pages}/mapping-options.json`;

const entryPoints = [
  'src/index.ts',
  // Before BullMQ's, which offers the fleet too.
  'src/fleet/index.ts',
  'src/queue/bullmq.ts',
  'src/queue/cloudflare-queues.ts',
  'src/config/index.ts',
  'src/event-stream/index.ts',
  'src/function/index.ts',
  'src/node/index.ts',
  'src/redis/index.ts',
  'src/sandbox/index.ts',
  'src/queue/sqs.ts',
  'src/testing/index.ts',
  'src/transport-contract/index.ts',
  'src/undici/index.ts',
  'src/webhook/index.ts',
];

/** Writes the pages of the reference. Fails if a doc comment is missing, or for any other warning of TypeDoc's. */
export async function writeReference(): Promise<void> {
  const out = `${pages}/reference`;
  const app = await Application.bootstrapWithPlugins({
    entryPoints: entryPoints.map((file) => root + file),
    tsconfig: `${siteSources}/reference/tsconfig.json`,
    // `npm run typecheck` reports them.
    skipErrorChecking: true,
    plugin: [loadMarkdown],
    router: 'groups',
    name: 'Reference',
    readme: 'none',
    logLevel: 'Warn',
    disableSources: true,
    excludeInternal: true,
    excludeReferences: true,
    // Of an error: what every error has.
    excludeExternals: true,
    sort: ['source-order'],
    intentionallyNotExported: ['Exact'],
    validation: { notDocumented: true, notExported: true, invalidLink: true },
    requiredToBeDocumented: ['Function', 'Interface', 'TypeAlias', 'Class', 'Property', 'Method', 'Variable', 'Enum'],
  });
  app.renderer.defineRouter('groups', GroupRouter);
  for (const [name, value] of Object.entries({
    useCodeBlocks: true,
    expandParameters: true,
    hidePageHeader: true,
    hideBreadcrumbs: true,
    hideGroupHeadings: true,
    entryFileName: 'index',
    pageTitleTemplates: { member: '{name}', module: '{name}', index: '{projectName}' },
  }))
    app.options.setValue(name, value);

  const project = await app.convert();
  if (project === undefined) throw new Error('TypeDoc could not read the sources.');
  app.validate(project);
  const exports: Export[] = [];
  app.renderer.on(PageEvent.END, (page) => {
    if (!(page.model instanceof Reflection) || !isExport(page.model)) return;
    const one = exportOf(page.model, page.url.replace(/\.md$/, ''));
    exports.push(one);
    page.contents = finishPage(page.contents ?? '', one);
  });
  await app.outputs.writeOutput({ name: 'markdown', path: out }, project);
  if (app.logger.hasErrors() || app.logger.hasWarnings()) throw new Error('TypeDoc has warnings: see above.');

  writeFileSync(exportsFile, JSON.stringify(exports));
  writeFileSync(optionsFile, JSON.stringify(readOptions(project)));
  const entries = new Map(
    project
      .getChildrenByKind(ReflectionKind.Module)
      .map((module) => [
        specifierOf(module),
        readFileSync(`${out}/${entriesFolder}/${module.name.replaceAll('/', '-')}.md`, 'utf8'),
      ]),
  );
  writeGroupPages(out, exports, entries);
  rmSync(`${out}/${entriesFolder}`, { recursive: true });
}

function exportOf(reflection: DeclarationReflection, page: string): Export {
  const comment = reflection.comment ?? reflection.signatures?.[0]?.comment;
  const text = (comment?.summary ?? []).map(({ text }) => text).join('');
  const [summary = ''] = text.split(/(?<=[.:])\s/);
  return {
    name: reflection.name,
    kind: kindOf(reflection),
    summary: summary.replace(/\s+/g, ' ').replace(/:$/, '.'),
    group: groupOfReflection(reflection).folder,
    page,
    from: reflection.parent === undefined ? '' : specifierOf(reflection.parent),
  };
}

function kindOf({ kind }: DeclarationReflection): string {
  if (kind === ReflectionKind.TypeAlias) return 'type';
  if (kind === ReflectionKind.Variable) return 'constant';
  return ReflectionKind.singularString(kind).toLowerCase();
}
