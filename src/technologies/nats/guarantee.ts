import type { Acknowledgement, Weakness } from '../guarantee.ts';
import type { NatsSettings } from './settings.ts';

/**
 * What an acknowledgement of JetStream is worth, by its documentation of replicas, storage and sync_interval: a lone server
 * writes to the operating system before it acknowledges, a cluster once a quorum has the message in its log.
 */
export function acknowledgement({ replicas, storage, syncInterval, hosting }: NatsSettings): Acknowledgement {
  // Nobody knows when servers of the user's flush.
  const flushed =
    storage === 'file' && syncInterval === undefined ? null : storage === 'file' && syncInterval === 'always';
  const copies = replicas === 1 ? 1 : (replicas + 1) / 2;
  const where =
    storage === 'memory' ? 'in memory' : flushed ? 'on its disk' : "in the operating system's memory";
  const inMemory: Weakness = {
    path: ['storage'],
    value: storage,
    breaks: replicas === 1 ? ['process-crash', 'power-loss', 'node-loss'] : ['power-loss'],
    because:
      replicas === 1 ? "the only copy is in the server's memory" : "all copies are in the servers' memory",
  };
  const unflushed: Weakness =
    syncInterval === undefined
      ? {
          path: ['cluster'],
          value: 'as it is',
          breaks: ['power-loss'],
          because: 'when the servers flush is not seen, and by default they do so every 2 minutes',
        }
      : {
          path: ['syncInterval'],
          value: syncInterval,
          breaks: ['power-loss'],
          because: `the servers flush every ${syncInterval}`,
        };
  const withTask: Weakness = {
    path: ['hosting'],
    value: 'fargate',
    breaks: ['power-loss'],
    because: "a task's disk goes with the task, and no task outlives its machine",
  };
  const single: Weakness = {
    path: ['replicas'],
    value: replicas,
    breaks: ['node-loss'],
    because: 'there is one copy',
  };
  return {
    when:
      replicas === 1
        ? `Acknowledged once the server has the message ${where}`
        : `Acknowledged once ${copies} of ${replicas} servers have the message ${where}`,
    copies,
    flushed,
    weaknesses: [
      ...(storage === 'memory' ? [inMemory] : hosting ? [withTask] : flushed ? [] : [unflushed]),
      ...(replicas === 1 && storage === 'file' ? [single] : []),
    ],
  };
}
