import type { WardId } from '../../kernel/index.ts';

/** The board of one ward: written by the server from the tables, read by those who work there. */
export const wardBoard = { kind: 'ward-board', version: 1, root: 'view' } as const;
export const wardBoardAddress = (ward: WardId): string => `${wardBoard.kind}/${ward}`;
