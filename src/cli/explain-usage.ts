/**
 * Rewords commander's message about wrong arguments: `error: unknown option '--maping'\n(Did you mean --mapping?)`
 * becomes `Unknown option "--maping". Did you mean "--mapping"?`.
 *
 * @param command - The command that was called, for its help.
 */
export function explainUsage(text: string, command: string | undefined): string {
  const [problem = '', suggestion = ''] = text
    .trim()
    .replace(/^error: /, '')
    // The value of an unknown option may be a secret.
    .replace(/(option '--?[\w-]+)=.*'/s, "$1'")
    .split('\n');
  const sentence = `${problem.charAt(0).toUpperCase()}${problem.slice(1)}`.replaceAll("'", '"').replace(/\.?$/, '.');
  const [, meant] = /^\(Did you mean (?:one of )?(.+)\?\)$/.exec(suggestion) ?? [];
  if (/"--?(api-?key|key)\b/.test(problem.replaceAll("'", '"'))) return `${sentence} ${keyAdvice}`;
  if (/"--?(shared-)?secret\b/.test(problem.replaceAll("'", '"'))) return `${sentence} ${secretAdvice}`;
  return meant === undefined
    ? `${sentence} See "segment-onesignal ${command === undefined ? '' : `${command} `}--help".`
    : `${sentence} Did you mean ${meant
        .split(', ')
        .map((name) => `"${name}"`)
        .join(' or ')}?`;
}

const keyAdvice =
  'A key among the arguments would show in "ps". Set ONESIGNAL_API_KEY, or pass a file with --api-key-file (- for stdin).';
const secretAdvice = 'A secret among the arguments would show in "ps". Set SEGMENT_SHARED_SECRET.';
