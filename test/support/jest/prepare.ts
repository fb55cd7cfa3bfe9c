import { readConfig } from '../../../src/config.ts';
import { quickJavaHome } from '../quick-java.ts';

/** Before the first test that starts servers. */
export default async function prepare(): Promise<void> {
  process.env.JAVA_HOME = await quickJavaHome(readConfig());
}
