import { fileURLToPath } from 'node:url';

/** The repository, with a slash at the end. */
export const root: string = fileURLToPath(new URL('../..', import.meta.url));
/** The site's sources. VitePress takes this folder as its project. */
export const siteSources: string = `${root}docs/.site`;
/** The Markdown that VitePress reads. Everything in it is generated. */
export const pages: string = `${siteSources}/.pages`;
/** The finished site. */
export const output: string = `${root}docs/site`;
