import { jest } from '@jest/globals';

// Nothing here waits for another process.
jest.setTimeout(10_000);
