import { z } from 'zod';
import type { MskEnvironment } from '../../config.ts';
import type { MskEndpoint } from '../../technologies/kafka/settings.ts';
import { UserError } from '../../user-error.ts';
import { iamSasl, type KafkaAccess } from './kafka-access.ts';

/** As MSK wants its secrets to be. */
const secretSchema = z.object({ username: z.string().min(1), password: z.string().min(1) });

/**
 * How a load generator gets into the experiment's own Amazon MSK cluster: what terraform passes on says by which kind of
 * credential, and the environment has it, where ECS put it.
 * @throws UserError when the credential is not there, which it says without telling it
 */
export function mskAccess(
  { brokers, authentication }: MskEndpoint,
  { region, kafkaCredentials }: MskEnvironment,
): KafkaAccess {
  const common = { bootstrapServers: brokers, tls: {} };
  return authentication === 'iam'
    ? { ...common, sasl: iamSasl({ region, credentials: null }) }
    : { ...common, sasl: { mechanism: 'SCRAM-SHA-512', ...userOf(kafkaCredentials) } };
}

function userOf(secret: string | null): z.infer<typeof secretSchema> {
  if (secret === null)
    throw new UserError(
      'COMPARATOR_KAFKA_CREDENTIALS is not set: the task definition names no secret for it; pass scram.secret_arn to terraform/kafka/aws',
    );
  try {
    return secretSchema.parse(JSON.parse(secret));
  } catch {
    // What is wrong with it would quote it.
    throw new UserError(
      'COMPARATOR_KAFKA_CREDENTIALS cannot be used: the secret must be JSON with username and password, as Amazon MSK wants it',
    );
  }
}
