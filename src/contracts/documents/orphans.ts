import { z } from 'zod';

/** Something alive, or lying about, for an experiment. */
export const inventoryItemSchema = z.object({
  kind: z.enum([
    'process',
    'folder',
    'stream',
    'topic',
    'consumer-group',
    'state-lock',
    // Of an AWS account.
    'vpc',
    'subnet',
    'internet-gateway',
    'vpc-endpoint',
    'security-group',
    'log-group',
    'cluster',
    'service',
    'task-definition',
    'role',
    'kafka-cluster',
    'kafka-configuration',
  ]),
  /** Name in its kind: a pid, a path below COMPARATOR_HOME, that of a stream, topic or group, a lock's key. */
  name: z.string(),
  /** One sentence for a person: what it is and how it was confirmed. */
  description: z.string(),
});
export type InventoryItem = z.infer<typeof inventoryItemSchema>;

/** What an experiment left behind whose workflow no longer runs, and that the reaper could not destroy. */
const standingOrphanSchema = z.object({
  experimentId: z.string(),
  /** When the reaper first found it; the same in every report until it is gone. */
  foundAt: z.iso.datetime(),
  /** `failed`: the next look tries again; `needs-operator`: no try can succeed before a person has done something. */
  result: z.enum(['failed', 'needs-operator']),
  /** Why, and what a person can do. */
  message: z.string(),
  items: z.array(inventoryItemSchema),
});
export type StandingOrphan = z.infer<typeof standingOrphanSchema>;

/** `reaper/report.json`: what stood after the reaper's last look that destroyed; empty where all is well. */
export const orphansSchema = z.object({
  checkedAt: z.iso.datetime(),
  orphans: z.array(standingOrphanSchema),
});
export type Orphans = z.infer<typeof orphansSchema>;
