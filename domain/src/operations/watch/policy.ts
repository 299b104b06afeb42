import { hasRole, type Actor } from '../../kernel/index.ts';

/** Rooms, delays and alarms say who works where and how much: nobody's business but that of those who keep the house running. */
export const mayOperate = (actor: Actor): boolean => hasRole(actor, 'administrator');
