// Generated from the folders by `npm run registries`. Do not edit.
import type { Face } from '@tongping/domain/kernel';
import { imagingStudyFace as imagingStudy } from '@tongping/domain/imaging/study/face';

export const faces: readonly Face[] = [imagingStudy];
