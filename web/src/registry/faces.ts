// Generated from the folders by `npm run registries`. Do not edit.
import type { Face } from '@tongping/domain/kernel';

export const faces: readonly Face[] = [];
