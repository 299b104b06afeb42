import type { Served } from '../../../kernel/server/module.ts';
import { hospitalDoors } from './hospital-doors.ts';
import { serveNotes } from './serve.ts';

export const served: Served = serveNotes(hospitalDoors);
