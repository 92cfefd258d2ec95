export const queueName = 'segment-events';

export function env(name: string, fallback?: string): string {
  const value = process.env[name] ?? fallback;
  if (value === undefined) throw new Error(`Set the environment variable ${name}`);
  return value;
}
