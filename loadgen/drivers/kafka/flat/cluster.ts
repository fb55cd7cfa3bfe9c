import { setTimeout as delay } from 'node:timers/promises';
import type { Base, Connection, Reader, Writer } from '@platformatic/kafka';
import type { Log } from '../../driver.ts';
import { fetchApi, produceApi } from './protocol.ts';

const refreshRetryMs = 100;

/** A request that failed: whether it is certain that it never left the client. */
export class RequestError extends Error {
  readonly neverSent: boolean;

  constructor(cause: unknown, neverSent: boolean) {
    super(cause instanceof Error ? cause.message : String(cause), { cause });
    this.neverSent = neverSent;
  }
}

/**
 * The brokers that lead a topic's partitions, and the connections to them: a @platformatic/kafka client's own, with its
 * TLS, SASL and matching of answers to requests.
 */
export class Cluster {
  /** The node that leads each partition, by the partition's number; −1 while it has none. */
  leaders: number[] = [];
  private readonly client: Base;
  private readonly topic: string;
  private readonly log: Log;
  private brokers = new Map<number, { host: string; port: number }>();
  private readonly watched = new WeakSet<Connection>();
  private refreshing: Promise<void> | null = null;
  private closed = false;

  constructor(client: Base, topic: string, log: Log) {
    this.client = client;
    this.topic = topic;
    this.log = log;
  }

  /** @throws when no broker can be reached, they are too old, or there is no such topic */
  async open(): Promise<void> {
    const apis = await this.client.listApis();
    for (const { key, version } of [produceApi, fetchApi]) {
      const api = apis.find(({ apiKey }) => apiKey === key);
      if (api && !(api.minVersion <= version && version <= api.maxVersion)) {
        throw new Error(
          `the brokers do not take ${api.name} ${version}, which the flat client needs; use another client`,
        );
      }
    }
    await this.readMetadata();
  }

  /** Looks who leads the partitions now; again and again until a broker says. Resolves at once when closed. */
  refresh(): Promise<void> {
    this.refreshing ??= this.refreshUntilDone().finally(() => {
      this.refreshing = null;
    });
    return this.refreshing;
  }

  /** The connection to a node, if it is open. */
  established(node: number): Connection | null {
    const broker = this.brokers.get(node);
    const connection = broker && this.client.connections.getEstablishedConnection(broker);
    return connection?.isConnected() ? connection : null;
  }

  /** Connects to a node. @throws RequestError */
  async connect(node: number): Promise<Connection> {
    const broker = this.brokers.get(node);
    if (!broker) throw new RequestError(new Error('the partition has no leader'), true);
    try {
      return await this.client.connections.get(broker);
    } catch (error) {
      throw new RequestError(error, true);
    }
  }

  /**
   * Sends a request. It is written before this returns unless others wait for the connection's drain.
   * @param parse reads the answer; with Produce's acks 0 there is none, and the promise resolves to undefined
   * @throws RequestError when the connection breaks or the broker does not answer
   */
  send<Answer>(
    connection: Connection,
    api: { key: number; version: number },
    request: Writer,
    parse: (reader: Reader) => Answer,
  ): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const onClose = () => reject(new RequestError(new Error('the connection was closed'), false));
      // The library forgets requests without an answer when the connection closes.
      if (!this.watched.has(connection)) {
        this.watched.add(connection);
        connection.on('error', () => {});
      }
      connection.once('close', onClose);
      connection.send(
        api.key,
        api.version,
        () => request,
        (_correlationId, _apiKey, _apiVersion, reader) => parse(reader),
        false,
        false,
        (error, answer) => {
          connection.removeListener('close', onClose);
          if (error) reject(new RequestError(error, false));
          else resolve(answer as Answer);
        },
      );
    });
  }

  async close(): Promise<void> {
    this.closed = true;
    await this.client.close();
  }

  private async refreshUntilDone(): Promise<void> {
    for (let attempt = 1; !this.closed; attempt++) {
      try {
        return await this.readMetadata();
      } catch (error) {
        if (attempt === 1 && !this.closed)
          this.log('warn', 'no broker says who leads the partitions', { reason: String(error) });
        await delay(refreshRetryMs);
      }
    }
  }

  private async readMetadata(): Promise<void> {
    const metadata = await this.client.metadata({ topics: [this.topic], forceUpdate: true, retries: 0 });
    const partitions = metadata.topics.get(this.topic)?.partitions ?? [];
    if (partitions.length === 0) throw new Error(`topic ${this.topic} has no partitions`);
    this.brokers = metadata.brokers;
    this.leaders = partitions.map(({ leader }) => leader);
  }
}
