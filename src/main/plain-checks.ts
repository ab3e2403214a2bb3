/** @file Imported before any schema is made: checks run as they are written, and are not first turned into code, which held the loop for ten milliseconds. */
import { z } from 'zod';

z.config({ jitless: true });
