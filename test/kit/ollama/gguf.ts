/** @file A model file with a header as converters write it, and no weights. */
const uint32 = (value: number) => Buffer.from(Uint32Array.of(value).buffer);
const uint64 = (value: number) => Buffer.from(BigUint64Array.of(BigInt(value)).buffer);
const text = (value: string) => Buffer.concat([uint64(Buffer.byteLength(value)), Buffer.from(value)]);
const entry = (key: string, kind: number, ...value: Buffer[]) => Buffer.concat([text(key), uint32(kind), ...value]);
export const CHATML = "{% for message in messages %}{{'<|im_start|>' + message['role']}}{% endfor %}";

/** A header as converters write it: the vocabulary stands before the template. */
export function gguf(template = CHATML, version = 3): Buffer {
  const words = Array.from({ length: 1_000 }, (_, number) => text(`word ${number}`));
  const entries = [
    entry('general.architecture', 8, text('llama')),
    entry('general.size_label', 8, text('135M')),
    entry('general.file_type', 4, uint32(3)),
    entry('llama.rope.freq_base', 6, Buffer.alloc(4)),
    entry('llama.big', 10, uint64(1)),
    entry('tokenizer.ggml.tokens', 9, uint32(8), uint64(words.length), ...words),
    entry('tokenizer.ggml.scores', 9, uint32(6), uint64(3), Buffer.alloc(12)),
    entry('tokenizer.ggml.nested', 9, uint32(9), uint64(2), uint32(7), uint64(1), Buffer.alloc(1), uint32(8), uint64(1), text('x')),
    entry('tokenizer.ggml.add_bos_token', 7, Buffer.alloc(1)),
    ...(template === '' ? [] : [entry('tokenizer.chat_template', 8, text(template))]),
  ];
  return Buffer.concat([Buffer.from('GGUF'), uint32(version), uint64(0), uint64(entries.length), ...entries, Buffer.alloc(5_000, 7)]);
}
