import { afterAll, beforeAll } from '@jest/globals';
import { startTestStack, type TestStack } from '../../support/stack.ts';
import { type Browsing, browse, buildPage } from './browsing.ts';

/** The page, a stack and a browser for the tests of a file, or of the block that calls this. */
export function pageOfFile(use: (parts: { stack: TestStack; browsing: Browsing }) => void): void {
  let stack: TestStack | null = null;
  let browsing: Browsing | null = null;
  beforeAll(async () => {
    buildPage();
    const started = await startTestStack();
    stack = started;
    browsing = await browse(() => started.stack.description.api.url);
    use({ stack, browsing });
  }, 180_000);
  afterAll(async () => {
    await browsing?.end();
    await stack?.end();
  }, 60_000);
}
