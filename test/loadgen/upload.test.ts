import { describe, expect, test } from '@jest/globals';
import { uploadPatiently } from '../../loadgen/upload.ts';

describe('an upload', () => {
  const limits = { giveUpMs: 200, giveUpCancelledMs: 0, firstBackoffMs: 5, maxBackoffMs: 20 };
  const failing = (times: number) => {
    const upload = async () => {
      upload.calls++;
      if (upload.calls <= times) throw new Error('S3 is away');
    };
    upload.calls = 0;
    return upload;
  };

  test('is tried again until it succeeds', async () => {
    const upload = failing(3);
    await uploadPatiently(upload, () => {}, undefined, limits);
    expect(upload.calls).toBe(4);
  });

  test('fails with the last error when it takes too long', async () => {
    await expect(uploadPatiently(failing(1_000), () => {}, undefined, limits)).rejects.toThrow('S3 is away');
  });

  test('is less patient once cancelled', async () => {
    const upload = failing(1_000);
    await expect(
      uploadPatiently(
        upload,
        () => {},
        () => true,
        limits,
      ),
    ).rejects.toThrow('S3 is away');
    expect(upload.calls).toBe(1);
  });
});
