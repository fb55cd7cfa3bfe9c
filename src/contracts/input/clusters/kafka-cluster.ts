import { z } from 'zod';
import {
  awsCredentialsSchema,
  type ClusterFault,
  clusterBase,
  fileSchema,
  profileFaults,
  tlsSchema,
} from './common.ts';

const passwordSchema = z.strictObject({
  mechanism: z
    .enum(['SCRAM-SHA-512', 'SCRAM-SHA-256', 'PLAIN'])
    .describe('How the brokers are shown the password; PLAIN shows it as it is, and needs tls'),
  usernameFile: fileSchema.describe('File that holds the name of the user and nothing else'),
  passwordFile: fileSchema.describe('File that holds the password and nothing else'),
});

const tokenSchema = z.strictObject({
  mechanism: z.literal('OAUTHBEARER').describe('A token that somebody else renews; needs tls'),
  tokenFile: fileSchema.describe(
    'File that holds the token and nothing else; read anew for every connection, and whenever one authenticates again',
  ),
});

const iamSchema = z.strictObject({
  mechanism: z
    .literal('AWS_MSK_IAM')
    .describe('Who one is to AWS, as Amazon MSK takes it (IAM access control); needs tls'),
  region: z.string().min(1).describe('Region of the cluster'),
  ...awsCredentialsSchema.shape,
});

/** A Kafka cluster of the user's. */
export const kafkaClusterSchema = z.strictObject({
  ...clusterBase,
  technology: z.literal('kafka').describe('A Kafka cluster'),
  bootstrapServers: z
    .array(z.string().regex(/^[^:\s]+:\d{1,5}$/, 'must be host:port'))
    .min(1)
    .describe('Brokers to ask for all the others'),
  tls: tlsSchema
    .optional()
    .describe('How to know the brokers, {} by the system’s roots; no encryption without'),
  sasl: z
    .discriminatedUnion('mechanism', [passwordSchema, tokenSchema, iamSchema])
    .optional()
    .describe('Who the comparator is to the brokers; nobody asks without'),
});
export type KafkaCluster = z.infer<typeof kafkaClusterSchema>;

/** What is wrong with it though each field is right. */
export function kafkaClusterFaults({ tls, sasl }: KafkaCluster): ClusterFault[] {
  switch (sasl?.mechanism) {
    case 'PLAIN':
      return tls
        ? []
        : [fault('PLAIN would show the password to the network; add tls, or use SCRAM-SHA-512')];
    case 'OAUTHBEARER':
      return tls ? [] : [fault('OAUTHBEARER would show the token to the network; add tls')];
    case 'AWS_MSK_IAM':
      return [
        ...(tls ? [] : [fault('AWS_MSK_IAM would show the token to the network; add tls')]),
        ...profileFaults(sasl, ['sasl']),
      ];
    default:
      return [];
  }
}

function fault(detail: string): ClusterFault {
  return { path: ['sasl', 'mechanism'], detail };
}
