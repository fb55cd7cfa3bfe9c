import { setTimeout as delay } from 'node:timers/promises';
import type { Base, BaseOptions } from '@platformatic/kafka';
import type { Log } from '../../driver.ts';
import { Channel, RequestError } from './channel.ts';
import { fetchApi, produceApi } from './encoding/protocol.ts';

const refreshRetryMs = 100;

/** The brokers that lead a topic's partitions, and a channel to each; a @platformatic/kafka client asks for them. */
export class Cluster {
  /** The node that leads each partition, by the partition's number; −1 while it has none. */
  leaders: number[] = [];
  private readonly client: Base;
  private readonly options: BaseOptions;
  private readonly topic: string;
  private readonly log: Log;
  private brokers = new Map<number, { host: string; port: number }>();
  private readonly channels = new Map<number, Channel>();
  private readonly opening = new Map<number, Promise<Channel>>();
  private refreshing: Promise<void> | null = null;
  private closed = false;

  /** @param options those of the client, for the channels */
  constructor(client: Base, options: BaseOptions, topic: string, log: Log) {
    this.client = client;
    this.options = options;
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

  /** The channel to a node, if it is open. */
  channel(node: number): Channel | null {
    const channel = this.channels.get(node);
    return channel?.open ? channel : null;
  }

  /** Opens the channel to a node, unless it is open. @throws RequestError */
  async connect(node: number): Promise<Channel> {
    const channel = this.channel(node);
    if (channel) return channel;
    let opening = this.opening.get(node);
    if (!opening) {
      opening = this.openChannel(node).finally(() => this.opening.delete(node));
      this.opening.set(node, opening);
    }
    return opening;
  }

  async close(): Promise<void> {
    this.closed = true;
    for (const channel of this.channels.values()) channel.close();
    await this.client.close();
  }

  private async openChannel(node: number): Promise<Channel> {
    const broker = this.brokers.get(node);
    if (!broker) throw new RequestError(new Error('the partition has no leader'), true);
    const channel = await Channel.open(this.options.clientId, this.options, broker);
    if (this.closed) channel.close();
    this.channels.set(node, channel);
    return channel;
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
