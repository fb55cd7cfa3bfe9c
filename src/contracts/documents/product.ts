import { z } from 'zod';

/** A product or a client, and which of its versions; null where it does not say. */
export const productSchema = z.object({ name: z.string(), version: z.string().nullable() });
export type Product = z.infer<typeof productSchema>;
