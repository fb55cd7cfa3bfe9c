import { z } from 'zod';
import type { Guarantee } from '../../technologies/guarantee.ts';

const fateSchema = z.enum(['survives', 'may-lose']);

/** What an acknowledged message survives under an experiment's settings, by the product's documentation. */
export const guaranteeSchema = z.object({
  /** That a server's process is killed. */
  processCrash: fateSchema,
  /** That all machines of the product lose power at once. */
  powerLoss: fateSchema,
  /** That one machine of the product is gone, with its disk. */
  nodeLoss: fateSchema,
  /** Copies that there are at least when it is acknowledged; 0 where nothing confirms it. */
  copies: z.int().min(0),
  /** Whether they are on the disk by then; null where that is not published. */
  flushed: z.boolean().nullable(),
  /** When a message is acknowledged, and by what it may be lost, in sentences. */
  explanation: z.string(),
}) satisfies z.ZodType<Guarantee>;
