import { mayKeepBedsOf, mayMovePatientsIn } from '../../organization/index.ts';
import type { Actor } from '../../kernel/index.ts';
import type { BoardState } from './bed-assignment.ts';

// The ward is the one the server found the stay in, never one the sender named.
/** Nurses, head nurses and doctors of the ward move its patients. */
export const mayMove = (actor: Actor, state: BoardState): boolean => state.ward !== null && mayMovePatientsIn(actor, state.ward.id);
/** Beds are kept by the nurses of the ward. */
export const mayKeepBed = (actor: Actor, state: BoardState): boolean => state.ward !== null && mayKeepBedsOf(actor, state.ward.id);
