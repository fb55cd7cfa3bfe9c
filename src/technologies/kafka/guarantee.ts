import type { Acknowledgement, Weakness } from '../guarantee.ts';
import { numberOf } from './server-properties.ts';
import type { KafkaSettings } from './settings.ts';

/**
 * What an acknowledgement of Kafka is worth, by its documentation of `acks`, `min.insync.replicas`,
 * `log.flush.interval.messages` and `unclean.leader.election.enable`. A broker writes to the operating system before it
 * acknowledges, so its process's crash alone loses nothing.
 */
export function acknowledgement(settings: KafkaSettings): Acknowledgement {
  const { acks, replicationFactor } = settings;
  if (settings.cluster !== undefined) return ofExistingCluster(settings);
  const minInsync = Math.min(replicationFactor, numberOf(settings.serverProperties, 'min.insync.replicas'));
  const flushes = numberOf(settings.serverProperties, 'log.flush.interval.messages') === 1;
  return {
    when: whenGiven(settings, minInsync, flushes),
    copies: acks === 0 ? 0 : acks === 1 ? 1 : minInsync,
    flushed: acks !== 0 && flushes,
    weaknesses: acks === 0 ? [unconfirmed] : weaknesses(settings, minInsync, flushes),
  };
}

function whenGiven({ acks, replicationFactor }: KafkaSettings, minInsync: number, flushes: boolean): string {
  const where = flushes ? 'on its disk' : "in the operating system's memory";
  if (acks === 0) return 'A message counts as acknowledged once it was written to the socket';
  if (acks === 1 || replicationFactor === 1) return `Acknowledged once the leader has the message ${where}`;
  const least = minInsync === replicationFactor ? `all ${replicationFactor}` : `at least ${minInsync}`;
  return `Acknowledged once every replica in sync, ${least} of ${replicationFactor}, has the message ${where}`;
}

/** How a cluster of the user's keeps its topics is its own affair and not looked at: what nobody knows is not promised. */
function ofExistingCluster({ acks, replicationFactor }: KafkaSettings): Acknowledgement {
  if (acks === 0) {
    const when = 'A message counts as acknowledged once it was written to the socket';
    return { when, copies: 0, flushed: false, weaknesses: [unconfirmed] };
  }
  const replicated = replicationFactor > 1;
  const least = 'how many there are at least, its min.insync.replicas says';
  return {
    when:
      acks === 1 || !replicated
        ? 'Acknowledged once the leader has the message'
        : `Acknowledged once every replica in sync of ${replicationFactor} has the message; ${least}`,
    copies: 1,
    flushed: null,
    weaknesses: [
      ...(replicated && acks === 1 ? [leaderAlone] : []),
      {
        path: ['cluster'],
        value: 'as it is',
        breaks: ['power-loss'],
        because:
          'when the cluster flushes is not seen, and by default the operating system does so when it likes',
      },
      replicated
        ? {
            path: ['cluster'],
            value: 'as it is',
            breaks: ['node-loss'],
            because: "the cluster's min.insync.replicas is not seen, and may be 1",
          }
        : { path: ['replicationFactor'], value: 1, breaks: ['node-loss'], because: 'there is one copy' },
    ],
  };
}

const leaderAlone: Weakness = {
  path: ['acks'],
  value: 1,
  breaks: ['process-crash', 'power-loss', 'node-loss'],
  because: 'with acks 1 a replica that takes over from the leader may not have the message',
};

const unconfirmed: Weakness = {
  path: ['acks'],
  value: 0,
  breaks: ['process-crash', 'power-loss', 'node-loss'],
  because: 'with acks 0 no broker confirms anything',
};

function weaknesses(settings: KafkaSettings, minInsync: number, flushes: boolean): Weakness[] {
  const { acks, brokers, replicationFactor, serverProperties } = settings;
  const replicated = replicationFactor > 1;
  const property = (name: keyof typeof serverProperties, value: Weakness['value']) => ({
    path: ['serverProperties', name],
    value: serverProperties[name] ?? value,
  });
  return [
    replicated && acks === 1 && leaderAlone,
    replicated &&
      serverProperties['unclean.leader.election.enable'] && {
        ...property('unclean.leader.election.enable', true),
        breaks: ['process-crash', 'power-loss', 'node-loss'],
        because: 'a replica that lags may become the leader',
      },
    !flushes && {
      ...property('log.flush.interval.messages', 'by default'),
      breaks: ['power-loss'],
      because: 'the operating system flushes when it likes, for log.flush.interval.messages is not 1',
    },
    !replicated && {
      path: [brokers === 1 ? 'brokers' : 'replicationFactor'],
      value: 1,
      breaks: ['node-loss'],
      because: 'there is one copy',
    },
    replicated &&
      acks === 'all' &&
      minInsync === 1 && {
        ...property('min.insync.replicas', 1),
        breaks: ['node-loss'],
        because: 'with min.insync.replicas 1 the leader acknowledges also when no other replica is left',
      },
  ].filter((weakness) => weakness !== false && weakness !== undefined) as Weakness[];
}
