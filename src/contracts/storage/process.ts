import { z } from 'zod';

/** A process beyond doubt: a pid alone may have been given to another process since. */
export const processIdentitySchema = z.object({
  pid: z.number().int().positive(),
  /** Opaque: equal for the same process, different for a later one with the same pid, also after a reboot. */
  startToken: z.string().min(1),
});
export type ProcessIdentity = z.infer<typeof processIdentitySchema>;
