import { z } from 'zod';

/** What experiments with `target: aws` may use, and what they need beside the account. */
export interface CloudSettings {
  /** The accounts in which anything may be made, by their 12 digits; none means that the target is refused. */
  accounts: string[];
  regions: string[];
  /** The load generators' image, by its digest. */
  image: string | null;
  /** Secrets Manager's secrets that load generators get as environment variables, ARNs by the variables' names. */
  secretArns: Record<string, string>;
  /** The user's own subnets, to which Temporal and S3 are within reach; null for a network of each experiment's own. */
  network: { vpcId: string; subnetIds: string[] } | null;
}

/** The account that AWS emulators have. */
const emulatorAccount = '000000000000';

const listOf = (item: z.ZodString) =>
  z
    .string()
    .transform((text) =>
      text
        .split(',')
        .map((part) => part.trim())
        .filter(Boolean),
    )
    .pipe(z.array(item).min(1, 'names none; give one or several, separated by commas, or unset it'));

const accountSchema = z.string().regex(/^\d{12}$/, 'holds what is no account: each has 12 digits');
const regionSchema = z
  .string()
  .regex(/^[a-z]{2}(-[a-z]+)+-\d$/, 'holds what is no region: each is written as eu-central-1 is');

const secretSchema = z
  .string()
  .regex(
    /^[A-Z][A-Z0-9_]*=arn:[a-z-]+:secretsmanager:[a-z0-9-]+:\d{12}:secret:[^*\s]+$/,
    "holds what is no secret: each is written as TEMPORAL_API_KEY=arn:aws:secretsmanager:…, a variable and the ARN of Secrets Manager's secret",
  );

const networkSchema = z
  .string()
  .regex(
    /^vpc-[0-9a-f]+(,\s*subnet-[0-9a-f]+)+$/,
    'must be a VPC and its subnets, such as vpc-0123,subnet-0123,subnet-4567',
  );

/** The environment variables of {@link CloudSettings}. */
export const cloudEnvironment = {
  COMPARATOR_AWS_ACCOUNTS: listOf(accountSchema).optional(),
  COMPARATOR_AWS_REGIONS: listOf(regionSchema).optional(),
  COMPARATOR_AWS_NETWORK: networkSchema.optional(),
  COMPARATOR_GENERATOR_IMAGE: z
    .string()
    .regex(
      /^\S+@sha256:[0-9a-f]{64}$/,
      'must name an image by its digest, …@sha256:…, so that every load generator runs the same',
    )
    .optional(),
  COMPARATOR_GENERATOR_SECRETS: listOf(secretSchema).optional(),
};

/** What was set of {@link cloudEnvironment}. Without regions, that of AWS_REGION is the only one. */
export function cloudSettingsOf(
  given: { [name in keyof typeof cloudEnvironment]?: z.infer<(typeof cloudEnvironment)[name]> },
  region: string,
): CloudSettings {
  const [vpcId, ...subnetIds] = (given.COMPARATOR_AWS_NETWORK ?? '').split(',').map((part) => part.trim());
  return {
    accounts: given.COMPARATOR_AWS_ACCOUNTS ?? [],
    regions: given.COMPARATOR_AWS_REGIONS ?? [region],
    image: given.COMPARATOR_GENERATOR_IMAGE ?? null,
    secretArns: Object.fromEntries(
      (given.COMPARATOR_GENERATOR_SECRETS ?? []).map((one) => {
        const at = one.indexOf('=');
        return [one.slice(0, at), one.slice(at + 1)];
      }),
    ),
    network: vpcId ? { vpcId, subnetIds } : null,
  };
}

/** What of the settings decides whether `target: aws` can be used. */
export interface CloudPlace {
  cloud: CloudSettings;
  aws: { region: string; endpointUrl: string | null };
  /** host:port; null for the embedded server. */
  temporalAddress: string | null;
}

/**
 * Why `target: aws` cannot be used here, and what to do; null where it can.
 * An emulator is used on purpose alone: whoever names its account has no other in mind.
 */
export function cloudProblem({ cloud, aws, temporalAddress }: CloudPlace): string | null {
  if (cloud.accounts.length === 0) {
    return 'aws is not set up here: name the accounts that experiments may use in COMPARATOR_AWS_ACCOUNTS, as terraform/AWS.md says, and start the comparator again';
  }
  if (cloud.image === null) {
    return "aws lacks the load generators' image: name it by its digest in COMPARATOR_GENERATOR_IMAGE, and start the comparator again";
  }
  if (cloud.network !== null && cloud.regions.length > 1) {
    return 'aws has one network, COMPARATOR_AWS_NETWORK, and several regions: name its region alone in COMPARATOR_AWS_REGIONS, and start the comparator again';
  }
  const emulated = cloud.accounts.includes(emulatorAccount);
  if (aws.endpointUrl !== null && !emulated) {
    return `aws cannot be reached: AWS_ENDPOINT_URL leads to ${aws.endpointUrl}; unset it, and start the comparator again`;
  }
  if (!emulated && isLoopback(temporalAddress)) {
    return 'aws has load generators that could not reach Temporal on this machine: name a server of yours that they can in TEMPORAL_ADDRESS, and start the comparator again';
  }
  return null;
}

function isLoopback(address: string | null): boolean {
  return address === null || /^(localhost|127\.\d+\.\d+\.\d+|\[::1\]):/.test(address);
}
