import { z } from 'zod';
import { clusterNameSchema } from '../../../technologies/cluster-name.ts';

/** Of the file's own folder, unless it is absolute. */
export const fileSchema = z.string().min(1);

export const clusterBase = {
  name: clusterNameSchema.describe('How experiments name it: settings: { cluster: … }'),
};

export const tlsSchema = z.strictObject({
  caFile: fileSchema
    .optional()
    .describe(
      'Certificates, as PEM, of who must have signed those of the servers; those of the system without',
    ),
  certFile: fileSchema
    .optional()
    .describe('Certificate, as PEM, by which the servers know the comparator; needs keyFile'),
  keyFile: fileSchema.optional().describe('Key of that certificate, as PEM, without a passphrase'),
});

export const awsCredentialsSchema = z.strictObject({
  credentialsFile: fileSchema
    .optional()
    .describe("File of credentials as AWS's own tools read it; those of the environment without"),
  profile: z.string().min(1).optional().describe('Profile in that file; default without'),
});

/** What is wrong though each field is right: where, from the cluster down, and what. */
export interface ClusterFault {
  path: string[];
  detail: string;
}

/** A profile of no file. */
export function profileFaults(
  { credentialsFile, profile }: z.infer<typeof awsCredentialsSchema>,
  path: string[],
): ClusterFault[] {
  return profile !== undefined && credentialsFile === undefined
    ? [{ path: [...path, 'profile'], detail: 'is of a credentialsFile; name one too, or leave it out' }]
    : [];
}
