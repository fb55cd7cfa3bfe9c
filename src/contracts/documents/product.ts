import { z } from 'zod';

/** A product or a client, and which of its versions; null where it does not say. */
export const productSchema = z.object({
  name: z.string(),
  version: z.string().nullable(),
  /** Where it is an emulator, though the target is not one by itself. */
  emulated: z.literal(true).optional(),
});
export type Product = z.infer<typeof productSchema>;
