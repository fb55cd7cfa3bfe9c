import type { ClusterAccess } from './cluster-access.ts';

/** Where a cluster is, and who one is there, as kafkajs takes it. */
export function kafkajsAccess({ bootstrapServers, tls, sasl }: ClusterAccess) {
  return {
    brokers: bootstrapServers,
    ...(tls && { ssl: tls }),
    ...(sasl && { sasl: saslOf(sasl) }),
  };
}

function saslOf({ mechanism, username, password }: NonNullable<ClusterAccess['sasl']>) {
  const user = { username, password };
  switch (mechanism) {
    case 'PLAIN':
      return { mechanism: 'plain' as const, ...user };
    case 'SCRAM-SHA-256':
      return { mechanism: 'scram-sha-256' as const, ...user };
    case 'SCRAM-SHA-512':
      return { mechanism: 'scram-sha-512' as const, ...user };
  }
}
