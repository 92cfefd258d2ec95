import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import licenseFile, { type ILicense } from 'generate-license-file';

/**
 * The licenses of packages that are bundled, and of the packages that those depend on. They have to go wherever the code
 * goes.
 */
async function licensesOf(packages: readonly string[], root: string): Promise<ILicense[]> {
  // The tool reads the dependencies of a project, and what is bundled here is only needed to build it.
  const project = mkdtempSync(join(tmpdir(), 'notices-'));
  try {
    symlinkSync(join(root, 'node_modules'), join(project, 'node_modules'));
    const dependencies = Object.fromEntries(packages.map((name) => [name, '*']));
    writeFileSync(join(project, 'package.json'), JSON.stringify({ name: 'bundled', version: '0.0.0', dependencies }));
    return await licenseFile.getProjectLicenses(join(project, 'package.json'));
  } finally {
    rmSync(project, { recursive: true });
  }
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
