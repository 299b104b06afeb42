import type { Actor } from '../../kernel/index.ts';
import { mayAddBedsTo } from '../../organization/index.ts';
import type { BoardState } from '../bed-assignment/bed-assignment.ts';

// The ward is the one the server found, of the actor's own hospital.
export const mayKeepExtraBeds = (actor: Actor, state: BoardState): boolean => state.ward !== null && mayAddBedsTo(actor, state.ward.id);
