import { z } from 'zod';

/** How whoever runs the comparator names a cluster that it may measure; experiments name it so, and never say where it is. */
export const clusterNameSchema = z
  .string()
  .regex(
    /^[a-z0-9][a-z0-9-]{0,62}$/,
    'must be 1 to 63 lower-case letters, digits and hyphens, the first no hyphen',
  );
