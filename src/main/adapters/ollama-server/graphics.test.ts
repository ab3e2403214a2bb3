/** @file Graphics cards in the log of an Ollama: both generations, several cards, none, and lines that are something else. */
import { describe, expect, it } from 'vitest';
import { createGraphicsWatch } from './graphics.ts';

const GIB = 1024 ** 3;
const line = (fields: string) => `time=2026-11-27T03:09:11.649Z level=INFO source=types.go:50 msg="inference compute" ${fields}`;

describe('what Ollama finds', () => {
  it('[MD21] is not known before it tells, and nothing where it runs on the processor', () => {
    const watch = createGraphicsWatch();
    watch.hear('level=INFO msg="Listening on 127.0.0.1:1 (version 0.33.0)"');
    expect(watch.now()).toBeUndefined();
    // As 0.33.0-rc2 said it on a machine without a card.
    watch.hear(
      line(
        'id=cpu library=cpu compute="" name=cpu description=cpu libdirs=ollama driver="" pci_id="" type="" total="23.5 GiB" available="19.5 GiB"',
      ),
    );
    expect(watch.now()).toEqual([]);
    watch.begin();
    expect(watch.now()).toBeUndefined();
  });

  it('[MD21] each card with its memory, in the words of both generations; what shares the machine’s memory adds none', () => {
    const watch = createGraphicsWatch();
    watch.hear(
      line(
        'id=GPU-1 filter_id="" library=CUDA compute=8.6 name=CUDA0 description="A card" type=discrete total="24.0 GiB" available="22.9 GiB"',
      ),
    );
    watch.hear(line('id=GPU-2 library=rocm variant="" compute=gfx1030 driver=6.3 name=1002:73bf total="16.0 GiB" available="512.5 MiB"'));
    watch.hear(line('id=0 library=Vulkan name=Vulkan0 description="Inside the processor" type=iGPU total="12.0 GiB" available="11.0 GiB"'));
    watch.hear(line('id=0 library=metal variant="" compute="" driver=0.0 name="" total="96.0 GiB" available="96.0 GiB"'));
    watch.hear(line('id=3 library=CUDA name=CUDA3 total="a lot" available=""'));
    expect(watch.now()).toEqual([
      { name: 'A card', totalBytes: 24 * GIB, freeBytes: Math.round(22.9 * GIB) },
      { name: '1002:73bf', totalBytes: 16 * GIB, freeBytes: 512.5 * 1024 ** 2 },
    ]);
  });
});
