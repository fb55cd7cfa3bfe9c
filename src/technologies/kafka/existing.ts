import type { CarriedLoad, SettingsProblem, Target } from '../card.ts';
import { clusterProblems } from '../existing-problems.ts';
import { smallestBatchBytes } from './record-size.ts';
import { numberOf } from './server-properties.ts';
import type { KafkaSettings } from './settings.ts';

/**
 * What of the settings cannot be honoured on a cluster of the user's, or needs one; null where they are those of brokers
 * that are provisioned.
 */
export function existingProblems(settings: KafkaSettings, target: Target): SettingsProblem[] | null {
  const { cluster, durability, serverProperties } = settings;
  const named = clusterProblems(cluster, target);
  if (named.length > 0) return named;
  if (target !== 'existing') return null;
  const problems: SettingsProblem[] = [];
  for (const name of ['brokers', 'heapMegabytes'] as const) {
    if (settings[name] === undefined) continue;
    problems.push({
      path: [name],
      message: 'is for brokers that are provisioned; the cluster has its own: leave it out',
    });
  }
  if (durability === 'power-loss' || durability === 'node-loss') {
    const message = `${durability} cannot be asked of an existing cluster, whose brokers are not ours to set: set replicationFactor and acks, and leave durability out`;
    problems.push({ path: ['durability'], message });
  } else if (Object.keys(serverProperties).length > 0) {
    const message =
      "are the brokers' own, and those of an existing cluster are not ours to set: leave them out";
    problems.push({ path: ['serverProperties'], message });
  }
  return problems;
}

/** What works on most clusters, and may not on this one. */
export function existingWarnings(settings: KafkaSettings, load: CarriedLoad): string[] {
  const most = numberOf({}, 'message.max.bytes');
  const batch = Math.max(settings.batchSizeBytes, smallestBatchBytes(load.messageSizeBytes, load.keyBytes));
  return batch > most
    ? [
        `batches of up to ${batch.toLocaleString('en-US')} bytes are refused where the cluster's message.max.bytes is its default, ${most.toLocaleString('en-US')}`,
      ]
    : [];
}
