/** @file The closed list of everything that can go wrong, as a person and a program may see it. */
import { z } from 'zod';

export const faultCodes = [
  'bad-request',
  'too-large',
  'too-many-requests',
  'unauthorized',
  'forbidden',
  'not-found',
  'method-not-allowed',
  'unsupported-media-type',
  'conversation-not-found',
  'character-not-found',
  'turn-not-found',
  'model-offline',
  'model-missing',
  'model-loading-failed',
  'model-timeout',
  'model-overloaded',
  'model-crashed',
  'model-failed',
  'context-overflow',
  'prompt-too-large',
  'engine-missing',
  'port-taken',
  'download-failed',
  'cancelled',
  'store-full',
  'store-failed',
  'store-in-use',
  'publish-failed',
  'shutting-down',
  'internal',
] as const;
export const faultCodeSchema = z.enum(faultCodes);
export type FaultCode = z.infer<typeof faultCodeSchema>;

/** A fault as it travels: the message says what happened, what was kept and what to do, in one sentence without path or stack. */
export const wireFaultSchema = z.strictObject({
  code: faultCodeSchema,
  message: z.string().min(1).max(299),
  retryable: z.boolean(),
  detail: z.string().max(4000).optional(),
});
export type WireFault = z.infer<typeof wireFaultSchema>;

/** Whether the same request may succeed when it is made again without changing anything. */
const retryableCodes = new Set<FaultCode>([
  'too-many-requests',
  'model-offline',
  'model-timeout',
  'model-overloaded',
  'model-crashed',
  'model-failed',
  'model-loading-failed',
  'download-failed',
  'cancelled',
  'store-full',
  'store-failed',
  'publish-failed',
  'shutting-down',
  'internal',
]);

export type FaultOptions = {
  cause?: unknown;
  /** The raw reason, shown only behind "Details"; never message text. */
  detail?: string;
  /** The true size of a prompt that did not fit, in tokens, where the model server told it. */
  promptTokens?: number;
};

/** The only error that adapters throw and the engine decides on. */
export class Fault extends Error {
  override readonly name = 'Fault';
  readonly code: FaultCode;
  readonly detail: string | undefined;
  readonly promptTokens: number | undefined;

  constructor(code: FaultCode, message: string, options: FaultOptions = {}) {
    super(message, { cause: options.cause });
    this.code = code;
    this.detail = options.detail;
    this.promptTokens = options.promptTokens;
  }

  /** The fault as a client may see it. */
  toWire(): WireFault {
    const wire: WireFault = {
      code: this.code,
      message: this.message.slice(0, 299),
      retryable: retryableCodes.has(this.code),
    };
    return this.detail ? { ...wire, detail: this.detail.slice(0, 4000) } : wire;
  }
}

/** Any thrown value as a fault; what is not one already becomes `internal` without its text. */
export function asFault(error: unknown): Fault {
  if (error instanceof Fault) return error;
  return new Fault('internal', 'Something inside the program went wrong; what was written is kept, and the next message works.', {
    cause: error,
  });
}
