import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import licenseFile, { type ILicense } from 'generate-license-file';

/**
 * The licenses of packages that are bundled, and of the packages that those depend on. They have to go wherever the code
 * goes.
 */
async function licensesOf(packages: readonly string[], root: string): Promise<ILicense[]> {
  // The tool reads the dependencies of a project, and what is bundled here is only needed to build it. It does not look
  // for the dependencies of a linked package, so all of them are linked.
  const project = mkdtempSync(join(tmpdir(), 'notices-'));
  try {
    const folders = foldersOf(packages, root);
    for (const [name, folder] of folders) {
      const link = join(project, 'node_modules', name);
      mkdirSync(dirname(link), { recursive: true });
      symlinkSync(folder, link);
    }
    const dependencies = Object.fromEntries([...folders.keys()].map((name) => [name, '*']));
    writeFileSync(join(project, 'package.json'), JSON.stringify({ name: 'bundled', version: '0.0.0', dependencies }));
    return await licenseFile.getProjectLicenses(join(project, 'package.json'));
  } finally {
    rmSync(project, { recursive: true });
  }
}

/** The folders of packages and of all that they depend on. */
function foldersOf(packages: readonly string[], root: string): Map<string, string> {
  const folders = new Map<string, string>();
  const add = (name: string, from: string): void => {
    if (folders.has(name)) return;
    const folder = folderOf(name, from);
    folders.set(name, folder);
    const { dependencies, optionalDependencies } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
    for (const dependency of Object.keys({ ...dependencies, ...optionalDependencies })) add(dependency, folder);
  };
  for (const name of packages) add(name, root);
  return folders;
}

/** Where Node finds a package. */
function folderOf(name: string, from: string): string {
  const folder = join(from, 'node_modules', name);
  if (existsSync(folder)) return folder;
  if (from === dirname(from)) throw new Error(`${name} is not installed`);
  return folderOf(name, dirname(from));
}

/** Writes the licenses of the bundled packages to one file. */
export async function writeNotices(packages: readonly string[], root: string, file: string): Promise<void> {
  const notices = (await licensesOf(packages, root)).map(({ dependencies, content, notices }) =>
    [dependencies.join('\n'), content.trim(), ...notices.map((notice) => notice.trim())].join('\n\n'),
  );
  const intro = 'This package contains code of the following packages.';
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `${[intro, ...notices].join(`\n\n${'-'.repeat(80)}\n\n`)}\n`);
}

/** The licenses as a comment for the beginning of a file that is passed on alone. */
export async function noticeComment(packages: readonly string[], root: string): Promise<string> {
  const wanted = (await licensesOf(packages, root)).filter(({ dependencies }) =>
    dependencies.some((name) => packages.includes(name.replace(/@[^@]+$/, ''))),
  );
  const texts = wanted.map(({ dependencies, content }) => `${dependencies.join(', ')}\n\n${content.trim()}`);
  return `/*!\nContains code of the following packages.\n\n${texts.join('\n\n').replaceAll('*/', '* /')}\n*/`;
}
