/** @file What a person can set: its shape by section, what the environment has fixed, commands and events. */
import { z } from 'zod';
import { thinkingChoices } from './character.ts';
import { idSchema } from './conversation.ts';
import { ALLOWED_ORIGINS_MOST, ORIGIN_CHARACTERS, PERSON_ABOUT_CHARACTERS, PERSON_NAME_CHARACTERS } from './settings-limits.ts';

/** As a browser sends it: scheme, host and port, nothing behind. */
const originSchema = z
  .string()
  .max(ORIGIN_CHARACTERS)
  .refine((value) => URL.canParse(value) && /^https?:/.test(value) && new URL(value).origin === value);

/** Each field with its allowed values; `null` stands for "as the program finds best" where a field allows it. */
export const settingsSections = {
  model: z.strictObject({
    /** Answers where neither conversation nor character names one. */
    name: z
      .string()
      .regex(/^[A-Za-z0-9._:/@-]{1,350}$/)
      .nullable(),
    /** Tokens that the model is given to read and write in. */
    contextTokens: z.number().int().min(512).max(1_048_576).nullable(),
  }),
  generation: z.strictObject({
    temperature: z.number().min(0).max(2),
    topP: z.number().min(0).max(1),
    maxTokens: z.number().int().min(1).max(1_000_000),
    /** How companions think before they answer, where neither they nor the model decide otherwise; `model` leaves it to the model. */
    thinking: z.enum(thinkingChoices),
    /** A longer thought is ended and the answer asked for. */
    thoughtTokens: z.number().int().min(64).max(65_536),
  }),
  tone: z.strictObject({
    /** Whether mood moves the sampling numbers. */
    on: z.boolean(),
    /** Compound scores strictly above and below which words count as warm and as low. */
    warmAbove: z.number().min(0).max(1),
    lowBelow: z.number().min(-1).max(0),
    /** What is then added to temperature and top_p. */
    warmTemperature: z.number().min(-1).max(1),
    warmTopP: z.number().min(-1).max(1),
    lowTemperature: z.number().min(-1).max(1),
    lowTopP: z.number().min(-1).max(1),
  }),
  api: z.strictObject({
    /** Whether other programs on this machine may come in. */
    on: z.boolean(),
    /** 0 takes any free one. */
    port: z.number().int().min(0).max(65_535),
    /** Whether programs of this machine need the token too; pages always do, unless they are named here. */
    requireToken: z.boolean(),
    /** Web pages that may come in, such as "http://localhost:5173". */
    origins: z.array(originSchema).max(ALLOWED_ORIGINS_MOST),
  }),
  memory: z.strictObject({
    on: z.boolean(),
    /** Whether what is pinned, and what the person shares one by one, is known to all companions. */
    shared: z.boolean(),
  }),
  person: z.strictObject({
    /** What companions call the person; empty where they were not told. */
    name: z.string().max(PERSON_NAME_CHARACTERS),
    about: z.string().max(PERSON_ABOUT_CHARACTERS),
  }),
} as const;

export const settingsSchema = z.strictObject(settingsSections);
export type Settings = z.infer<typeof settingsSchema>;
export type SettingsSection = keyof Settings;

const { model, generation, tone, api, memory, person } = settingsSections;

/** What is to be changed; `undefined` leaves a field as it is. */
export const settingsPatchSchema = z.strictObject({
  model: model.partial().optional(),
  generation: generation.partial().optional(),
  tone: tone.partial().optional(),
  api: api.partial().optional(),
  memory: memory.partial().optional(),
  person: person.partial().optional(),
});
export type SettingsPatch = z.infer<typeof settingsPatchSchema>;

/** Path of a field, such as "generation.temperature", and the variable of the environment that fixes it. */
export const lockedSchema = z.record(z.string(), z.string());
export type Locked = z.infer<typeof lockedSchema>;

const requestId = idSchema;
const told = { settings: settingsSchema, defaults: settingsSchema, locked: lockedSchema };

export const settingsCommandSchemas = [
  z.strictObject({ type: z.literal('show-settings'), requestId }),
  z.strictObject({ type: z.literal('change-settings'), requestId, patch: settingsPatchSchema }),
  /** Puts one section back to what it was before anybody set it. */
  z.strictObject({ type: z.literal('reset-settings'), requestId, section: z.enum(Object.keys(settingsSections) as [SettingsSection]) }),
] as const;

export const settingsEventSchemas = [
  z.strictObject({ type: z.literal('settings-shown'), requestId, ...told }),
  z.strictObject({ type: z.literal('settings-changed'), ...told }),
] as const;
