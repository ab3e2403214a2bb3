/** @file The words of one message, as every door takes them. */
import { z } from 'zod';
import { MESSAGE_BYTES } from './limits.ts';

/** The words of a person: 1 byte to 64 KiB of UTF-8, not only white space (wire.md). Lone surrogates count three bytes, as encoders replace them. */
export const messageTextSchema = z
  .string()
  .refine((text) => text.trim() !== '', 'is empty')
  .refine((text) => text.length * 3 <= MESSAGE_BYTES || new TextEncoder().encode(text).length <= MESSAGE_BYTES, 'is longer than 64 KiB');
