import type { OneSignalRequest } from 'segment-onesignal';

/** A request as a command for a POSIX shell. The key is the variable `ONESIGNAL_API_KEY`. */
export function toCurl({ method, path, body }: OneSignalRequest): string {
  const parts = [
    `curl -X ${method} ${quote(`https://api.onesignal.com${path}`)}`,
    '-H "Authorization: Key $ONESIGNAL_API_KEY"',
  ];
  if (body !== undefined)
    parts.push("-H 'Content-Type: application/json'", `--data-raw ${quote(JSON.stringify(body, null, 2))}`);
  return parts.join(' \\\n  ');
}

function quote(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}
