import { randomUUID } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ProcessIdentity } from '../../../src/contracts/storage/process.ts';
import { type DetachedCommand, startDetached } from '../../../src/machine/start.ts';

/**
 * Starts a command on what is another host as far as it can see, or this one after a reboot: another boot and no process of
 * this machine, and another name where it is another host; the network is this machine's. Whatever it starts ends with it.
 * Takes Linux and root.
 */
export async function startOnOtherHost(
  command: DetachedCommand,
  folder: string,
  host: 'other' | 'rebooted',
): Promise<ProcessIdentity> {
  const bootId = join(folder, `boot-${randomUUID()}`);
  writeFileSync(bootId, `${randomUUID()}\n`);
  const script = [
    ...(host === 'other' ? ['hostname another-host'] : []),
    `mount --bind '${bootId}' /proc/sys/kernel/random/boot_id`,
    'exec "$0" "$@"',
  ].join(' && ');
  return await startDetached({
    ...command,
    file: 'unshare',
    args: [
      ...['--uts', '--mount', '--pid', '--fork', '--mount-proc', '--kill-child=SIGKILL', '--'],
      ...['sh', '-c', script, command.file, ...command.args],
    ],
  });
}
