/**
 * What a container image holds beside packages and sources, made while it is built: `prepare.ts code` makes the web page
 * and the workflows bundled as a worker runs them, `prepare.ts tools` installs Kafka and the NATS server into the tools
 * folder. A bundle is found by a checksum of the sources, the lock file and the folder they lie in, so these must be the
 * image's.
 */
import { join } from 'node:path';
import { DefaultLogger } from '@temporalio/worker';
import { projectRoot, readConfig } from '../config.ts';
import { ensurePage } from '../stack/page/build-page.ts';
import { ensureTools } from '../stack/setup/ensure.ts';
import { javaRequirement, mavenRequirement } from '../stack/setup/java.ts';
import { kafkaRequirement } from '../stack/setup/products/kafka.ts';
import { natsServerRequirement } from '../stack/setup/products/nats.ts';
import { pythonRequirement } from '../stack/setup/python.ts';
import { workflowBundle } from '../temporal/workflow-bundle.ts';
import { reportFatal, UserError, wrongUse } from '../user-error.ts';

async function main(part: string | undefined): Promise<void> {
  const config = readConfig();
  const say = (line: string) => console.error(line);
  if (part === 'code') {
    // An image without its page would be noticed by users only.
    await ensurePage((line) => {
      if (line.includes('could not be built')) throw new UserError(line);
      say(line);
    });
    await workflowBundle(projectRoot, join(config.tools, 'workflows'), new DefaultLogger('WARN'));
  } else if (part === 'tools') {
    const products = [natsServerRequirement(config), javaRequirement, mavenRequirement(config)];
    await ensureTools(config, say, [pythonRequirement(config), ...products, kafkaRequirement(config)]);
  } else {
    throw new UserError(`Say which part of an image to prepare, code or tools, instead of ${part}`, wrongUse);
  }
}

main(process.argv[2]).catch((error: unknown) => process.exit(reportFatal(error)));
