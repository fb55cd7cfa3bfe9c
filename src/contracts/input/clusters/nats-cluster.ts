import { z } from 'zod';
import { type ClusterFault, clusterBase, fileSchema, tlsSchema } from './common.ts';

const authenticationSchema = z.discriminatedUnion('method', [
  z.strictObject({
    method: z.literal('password').describe('A user and a password'),
    usernameFile: fileSchema.describe('File that holds the name of the user and nothing else'),
    passwordFile: fileSchema.describe('File that holds the password and nothing else'),
  }),
  z.strictObject({
    method: z.literal('token').describe('A token'),
    tokenFile: fileSchema.describe('File that holds the token and nothing else'),
  }),
  z.strictObject({
    method: z.literal('nkey').describe('A key pair, whose public half the servers know'),
    seedFile: fileSchema.describe('File that holds the seed, which begins with SU'),
  }),
  z.strictObject({
    method: z.literal('credentials').describe('A user of an account, as nsc writes it: a JWT and a seed'),
    credentialsFile: fileSchema.describe('File of credentials, usually NAME.creds'),
  }),
]);

/** NATS servers of the user's, with JetStream. */
export const natsClusterSchema = z.strictObject({
  ...clusterBase,
  technology: z.literal('nats').describe('NATS servers with JetStream'),
  servers: z
    .array(z.string().regex(/^[^:\s/]+:\d{1,5}$/, 'must be host:port'))
    .min(1)
    .describe('Servers to connect to; they name all the others'),
  tls: tlsSchema
    .optional()
    .describe('How to know the servers, {} by the system’s roots; encryption only where they insist without'),
  authentication: authenticationSchema
    .optional()
    .describe('Who the comparator is to the servers; nobody asks without'),
});
export type NatsCluster = z.infer<typeof natsClusterSchema>;

/** What is wrong with it though each field is right. */
export function natsClusterFaults({ tls, authentication }: NatsCluster): ClusterFault[] {
  const isShown = authentication?.method === 'password' || authentication?.method === 'token';
  return isShown && !tls
    ? [
        {
          path: ['authentication', 'method'],
          detail: `${authentication.method} would show the secret to the network; add tls, or use nkey or credentials`,
        },
      ]
    : [];
}
