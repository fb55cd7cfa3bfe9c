/** In the environment of every server that is started for all tests. */
export const serverMark = 'COMPARATOR_TEST_SERVER';
