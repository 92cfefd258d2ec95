import { existsSync, mkdirSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const root = '/sys/fs/cgroup';
const periodUs = 100_000;

/**
 * Limits each process to a fraction of a core, as on a machine of its own. Needs Linux and root, for control groups.
 *
 * @param cores The fraction of a core that one process may use, such as 0.25.
 */
export function createCpuQuota(cores: number): { limit(pid: number): void; close(): void } {
  const isFirstVersion = existsSync(join(root, 'cpu', 'cpu.cfs_quota_us'));
  const groups: string[] = [];
  return {
    limit(pid) {
      const group = join(root, isFirstVersion ? 'cpu' : '', `fleet-${pid}`);
      mkdirSync(group);
      groups.push(group);
      const quotaUs = Math.round(cores * periodUs);
      if (isFirstVersion) writeFileSync(join(group, 'cpu.cfs_quota_us'), String(quotaUs));
      else writeFileSync(join(group, 'cpu.max'), `${quotaUs} ${periodUs}`);
      writeFileSync(join(group, 'cgroup.procs'), String(pid));
    },
    /** Call it after the processes have ended. */
    close() {
      for (const group of groups) rmdirSync(group);
    },
  };
}
