import { z } from 'zod';

/** A process beyond doubt: a pid alone may have been given to another process since. */
export const processIdentitySchema = z.object({
  pid: z.number().int().positive(),
  /** Opaque: equal for the same process, different for a later one with the same pid, also after a reboot. */
  startToken: z.string().min(1),
});
export type ProcessIdentity = z.infer<typeof processIdentitySchema>;

/** Where a process is, as far as it tells who can see it. */
export const whereaboutsSchema = z.object({
  host: z.string(),
  /** null where it is not known. */
  boot: z.string().nullable(),
  pidNamespace: z.string().nullable(),
  /** Of the installed system; null where it has none, as in most containers; absent where an earlier release wrote it. */
  machine: z.string().nullable().optional(),
});
export type Whereabouts = z.infer<typeof whereaboutsSchema>;
