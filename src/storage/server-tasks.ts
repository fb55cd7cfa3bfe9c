import { createHash } from 'node:crypto';
import { z } from 'zod';
import { s3Keys } from '../contracts/storage/s3-keys.ts';
import type { ObjectStore } from './object-store.ts';

const serverTaskSchema = z.object({
  name: z.string().regex(/^server-\d+$/),
  /** Its address in the network of the experiment. */
  host: z.ipv4(),
  /** PEM; its key never leaves the task. */
  certificate: z.string().min(1),
});

/** A server of an experiment's own, a task on AWS, as it tells of itself once it runs. */
export type ServerTask = z.infer<typeof serverTaskSchema>;

/**
 * What the tasks of an experiment tell each other of themselves, in its folder of results, where nobody else may write:
 * that is why a certificate which lies there can be trusted, whoever signed it.
 */
export class ToldTasks {
  private readonly store: ObjectStore;
  private readonly experimentId: string;
  /** What was read, by its key and tag. */
  private readonly read = new Map<string, string>();

  constructor(store: ObjectStore, experimentId: string) {
    this.store = store;
    this.experimentId = experimentId;
  }

  /** Takes the place of what an earlier task of that name has told. */
  async tellServer(task: ServerTask): Promise<void> {
    await this.store.putJson(s3Keys.serverTask(this.experimentId, task.name), task);
  }

  async tellClient(certificate: string): Promise<void> {
    const fingerprint = createHash('sha256').update(certificate).digest('hex');
    await this.store.put(
      s3Keys.clientCertificate(this.experimentId, fingerprint),
      certificate,
      'application/x-pem-file',
    );
  }

  /** In the order of their names. */
  async servers(): Promise<ServerTask[]> {
    const texts = await this.below(s3Keys.serverTasks(this.experimentId));
    return texts.map((text) => serverTaskSchema.parse(JSON.parse(text)));
  }

  /** Certificates of clients, PEM each. */
  clients(): Promise<string[]> {
    return this.below(s3Keys.clientCertificates(this.experimentId));
  }

  /** Everything below a prefix; what was read before, and has not changed, is not read again. */
  private async below(prefix: string): Promise<string[]> {
    const texts: string[] = [];
    for (const { key, etag } of await this.store.listTagged(prefix)) {
      const text = this.read.get(`${key} ${etag}`) ?? (await this.store.getText(key));
      if (text === null) continue;
      this.read.set(`${key} ${etag}`, text);
      texts.push(text);
    }
    return texts;
  }
}
