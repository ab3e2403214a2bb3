/** @file The door for other programs on this machine: whether it is open, its token, who came in; commands, events and their shapes. */
import { z } from 'zod';
import { idSchema } from './conversation.ts';
import { ASKED_CHARACTERS, CLIENT_NAME_CHARACTERS, CLIENTS_KNOWN, ROUTE_CHARACTERS } from './door-limits.ts';
import { wireFaultSchema } from './faults.ts';

/** failed: it is wished open and cannot be; `reason` says why. */
export const doorStates = ['closed', 'opening', 'open', 'failed'] as const;

/** A program that came in, by the name it gives itself; two that give the same one are counted together. */
export const doorClientSchema = z.strictObject({
  name: z.string().max(CLIENT_NAME_CHARACTERS),
  /** Connections and requests that are open now. */
  open: z.number().int().min(0),
  requests: z.number().int().min(1),
  /** When it first came, and when it last asked; ms since 1970. */
  since: z.number(),
  at: z.number(),
  /** What it last came for, such as "POST /api/chat". */
  route: z.string().max(ROUTE_CHARACTERS),
  /** The beginning of what it asked last; kept in memory alone. */
  asked: z.string().max(ASKED_CHARACTERS).optional(),
});
export type DoorClient = z.infer<typeof doorClientSchema>;

export const doorStatusSchema = z.strictObject({
  state: z.enum(doorStates),
  /** One sentence. */
  reason: z.string(),
  /** Where it is reached, while it is open. */
  address: z.string().optional(),
  /** Whether programs of this machine need the token too; pages always do. */
  requireToken: z.boolean(),
  /** Whether other machines can reach it. */
  beyond: z.boolean(),
  /** What holds it open, where it is not the person's to close. */
  heldOpenBy: z.string().optional(),
  /** The token's last letters, by which it is known again, and when it was made; absent until there is one. */
  token: z.strictObject({ ending: z.string(), madeAt: z.number().optional(), fixedBy: z.string().optional() }).optional(),
  /** The latest first. */
  clients: z.array(doorClientSchema).max(CLIENTS_KNOWN),
  /** Requests that were not let in since it was opened. */
  refused: z.number().int().min(0),
  fault: wireFaultSchema.optional(),
});
export type DoorStatus = z.infer<typeof doorStatusSchema>;

const requestId = idSchema;

/** Only the person's own window, and clients that showed the token, may ask these. */
export const doorCommandSchemas = [
  z.strictObject({ type: z.literal('show-door'), requestId }),
  z.strictObject({ type: z.literal('show-token'), requestId }),
  /** Makes a new token; whoever is connected with the old one is told so and closed. */
  z.strictObject({ type: z.literal('rotate-token'), requestId }),
  /** Tries to open it once more after it failed. */
  z.strictObject({ type: z.literal('retry-door'), requestId }),
] as const;

export const doorEventSchemas = [
  z.strictObject({ type: z.literal('door-shown'), requestId, door: doorStatusSchema }),
  z.strictObject({ type: z.literal('door-changed'), door: doorStatusSchema }),
  z.strictObject({
    type: z.literal('token-shown'),
    requestId,
    token: z.string(),
    /** After a rotation: how many sockets came with the old token, and had to go. */
    dropped: z.number().int().min(0).optional(),
  }),
] as const;
