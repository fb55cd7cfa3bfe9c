import { z } from 'zod';
import { clusterNameSchema } from '../../../technologies/cluster-name.ts';
import { type FieldError, jsonPointer, parseInput } from '../problem.ts';

const file = z.string().min(1);

const tlsSchema = z.strictObject({
  caFile: file
    .optional()
    .describe(
      'Certificates, as PEM, of who must have signed those of the brokers; those of the system without',
    ),
  certFile: file
    .optional()
    .describe('Certificate, as PEM, by which the brokers know the comparator; needs keyFile'),
  keyFile: file.optional().describe('Key of that certificate, as PEM, without a passphrase'),
});

const saslSchema = z.strictObject({
  mechanism: z
    .enum(['SCRAM-SHA-512', 'SCRAM-SHA-256', 'PLAIN'])
    .describe('How the brokers are shown the password; PLAIN shows it as it is, and needs tls'),
  usernameFile: file.describe('File that holds the name of the user and nothing else'),
  passwordFile: file.describe('File that holds the password and nothing else'),
});

const clusterSchema = z.strictObject({
  name: clusterNameSchema.describe('How experiments name it: settings: { cluster: … }'),
  technology: z.enum(['kafka']).describe('What it is a cluster of'),
  bootstrapServers: z
    .array(z.string().regex(/^[^:\s]+:\d{1,5}$/, 'must be host:port'))
    .min(1)
    .describe('Brokers to ask for all the others'),
  tls: tlsSchema
    .optional()
    .describe('How to know the brokers, {} by the system’s roots; no encryption without'),
  sasl: saslSchema.optional().describe('Who the comparator is to the brokers; nobody asks without'),
});
export type Cluster = z.infer<typeof clusterSchema>;

/** The file of `COMPARATOR_CLUSTERS`. Paths in it are seen from its own folder. */
export const clusterFileSchema = z.strictObject({
  clusters: z.array(clusterSchema).describe('Clusters that experiments with target: existing may measure'),
});

/**
 * The clusters that a file names.
 * @param document what the file says
 * @returns the faults of the file instead, each with where it is
 */
export function clustersOf(document: unknown): { clusters: Cluster[] } | { faults: FieldError[] } {
  const parsed = parseInput(clusterFileSchema, document);
  if (!parsed.ok) return { faults: parsed.errors };
  const { clusters } = parsed.value;
  const faults = clusters.flatMap((cluster, index) => clusterFaults(cluster, index, clusters));
  return faults.length > 0 ? { faults } : { clusters };
}

function clusterFaults({ name, tls, sasl }: Cluster, index: number, all: readonly Cluster[]): FieldError[] {
  const fault = (path: string[], detail: string) => ({
    pointer: jsonPointer(['clusters', index, ...path]),
    detail,
  });
  const first = all.findIndex((one) => one.name === name);
  return [
    ...(first < index ? [fault(['name'], `is that of entry ${first + 1} already; choose another`)] : []),
    ...((tls?.certFile === undefined) !== (tls?.keyFile === undefined)
      ? [fault(['tls'], 'has one of certFile and keyFile; give both, or neither')]
      : []),
    ...(sasl?.mechanism === 'PLAIN' && !tls
      ? [
          fault(
            ['sasl', 'mechanism'],
            'PLAIN would show the password to the network; add tls, or use SCRAM-SHA-512',
          ),
        ]
      : []),
  ];
}
