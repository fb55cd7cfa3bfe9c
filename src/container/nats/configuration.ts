import type { ServerTask } from '../../storage/server-tasks.ts';

/** Ports of every server; the network lets load generators in by the first, other servers by both. */
const ports = { clients: 4222, servers: 6222 } as const;

/** What one server of an experiment's own is. */
export interface NatsServerPlace {
  own: Pick<ServerTask, 'name' | 'host'>;
  /** All of them. */
  servers: readonly Pick<ServerTask, 'name' | 'host'>[];
  /** Of the key and certificate, of everybody's certificates, and the folder of the stream. */
  files: { key: string; certificate: string; everybody: string; data: string };
  clusterName: string;
  syncInterval: string;
}

/** A server's configuration, which may be JSON: TLS for clients and servers, each of which shows its certificate. */
export function natsConfiguration(place: NatsServerPlace): Record<string, unknown> {
  const { own, servers, files, clusterName, syncInterval } = place;
  const tls = {
    cert_file: files.certificate,
    key_file: files.key,
    ca_file: files.everybody,
    verify: true,
    timeout: 5,
  };
  const others = servers.filter(({ name }) => name !== own.name);
  return {
    server_name: own.name,
    listen: `${own.host}:${ports.clients}`,
    // The largest message that an experiment can ask for; its headers come on top.
    max_payload: 2_097_152,
    jetstream: { store_dir: files.data, sync_interval: syncInterval },
    tls,
    // Without a cluster there is no quorum to wait for.
    ...(servers.length === 1
      ? {}
      : {
          cluster: {
            name: clusterName,
            listen: `${own.host}:${ports.servers}`,
            routes: others.map(({ host }) => `nats://${host}:${ports.servers}`),
            tls,
          },
        }),
  };
}
