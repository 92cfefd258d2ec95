import { type DeclarationReflection, type Reflection, ReflectionKind } from 'typedoc';
import { MemberRouter } from 'typedoc-plugin-markdown';
import { type Group, groupOf } from './groups.js';

/** Where the pages of the entry points go. They end up in the pages of the groups. */
export const entriesFolder = 'entries';

/** The name that an entry point is imported by: `queue/bullmq` is `segment-onesignal/bullmq`. */
export function specifierOf(module: Reflection): string {
  const name = module.name.split('/').at(-1);
  return name === 'index' ? 'segment-onesignal' : `segment-onesignal/${name}`;
}

/** The group of an export, by the file that declares it. */
export function groupOfReflection(reflection: Reflection): Group {
  const file = reflection.project.getSymbolIdFromReflection(reflection)?.packagePath ?? '';
  return groupOf(reflection.name, file.replace(/^src\//, ''));
}

/** Whether it is exported by an entry point itself. */
export function isExport(reflection: Reflection): reflection is DeclarationReflection {
  return reflection.isDeclaration() && reflection.parent?.kindOf(ReflectionKind.Module) === true;
}

/** Puts each export into the folder of its group, without a folder for its kind. */
export class GroupRouter extends MemberRouter {
  override getIdealBaseName(reflection: Reflection): string {
    if (reflection.kindOf(ReflectionKind.Module)) return `${entriesFolder}/${reflection.name.replaceAll('/', '-')}`;
    return isExport(reflection)
      ? `${groupOfReflection(reflection).folder}/${reflection.name}`
      : super.getIdealBaseName(reflection);
  }
}
