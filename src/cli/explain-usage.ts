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
    .replace(/^command-argument value (.*) is invalid for argument '(\w+)'\. /, 'unknown $2 $1. ')
    .split('\n');
  const sentence = `${problem.charAt(0).toUpperCase()}${problem.slice(1)}`.replaceAll("'", '"').replace(/\.?$/, '.');
  const [, meant] = /^\(Did you mean (?:one of )?(.+)\?\)$/.exec(suggestion) ?? [];
  const secret = secrets.find(({ flag }) => flag.test(problem));
  if (secret !== undefined) return `${sentence} ${secret.advice}`;
  return meant === undefined
    ? `${sentence} See "segment-onesignal ${command === undefined ? '' : `${command} `}--help".`
    : `${sentence} Did you mean ${meant
        .split(', ')
        .map((name) => `"${name}"`)
        .join(' or ')}?`;
}

/** Flags that users may try for a secret. */
const secrets = [
  { flag: /'--?(api-?)?key\b/, advice: 'Set ONESIGNAL_API_KEY, or pass a file with --api-key-file (- for stdin).' },
  { flag: /'--?(shared-?)?secret\b/, advice: 'Set SEGMENT_SHARED_SECRET.' },
  { flag: /'--?(webhook-?)?token\b/, advice: 'Set WEBHOOK_TOKEN.' },
  { flag: /'--?(webhook-?)?write-?key\b/, advice: 'Set WEBHOOK_WRITE_KEY.' },
].map(({ flag, advice }) => ({ flag, advice: `A secret among the arguments would show in "ps". ${advice}` }));
