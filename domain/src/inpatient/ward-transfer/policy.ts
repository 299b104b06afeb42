import type { Actor } from '../../kernel/index.ts';
import { mayMovePatientsIn } from '../../organization/index.ts';
import type { RequestState, TransferState } from './ward-transfer.ts';

/** The ward that has the patient asks, and may take it back. */
export const mayRequestTransfer = (actor: Actor, state: RequestState): boolean => state.stay !== null && mayMovePatientsIn(actor, state.stay.ward);
export const mayCancelTransfer = (actor: Actor, { transfer }: TransferState): boolean => transfer !== null && mayMovePatientsIn(actor, transfer.from.id);
/** Only the ward that is asked says whether, and into which bed. */
export const mayAnswerTransfer = (actor: Actor, { transfer }: TransferState): boolean => transfer !== null && mayMovePatientsIn(actor, transfer.to.id);
