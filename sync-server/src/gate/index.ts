export { clientBudget, forbiddenKey, type Budget } from './budget.ts';
export { decode, type Decoded, type Deletion, type Struct } from './decode.ts';
export { deleteSet, joinedBytes, stretchesOf } from './delete-set.ts';
export { joinUpdates } from './join-updates.ts';
export { ownersOf } from './owners.ts';
export { RootIndex, type Accepted, type Sender, type Verdict } from './root-index.ts';
