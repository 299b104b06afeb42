// Generated from the folders by `npm run registries`. Do not edit.
import type { Face } from '@tongping/domain/kernel';
import { organizationOrganizationFace as organizationOrganization } from '@tongping/domain/organization/organization/face';
import { organizationWardFace as organizationWard } from '@tongping/domain/organization/ward/face';
import { patientRegistryFace as patientRegistry } from '@tongping/domain/patient/registry/face';
import { clinicalRecordAllergyFace as clinicalRecordAllergy } from '@tongping/domain/clinical-record/allergy/face';
import { clinicalRecordConditionFace as clinicalRecordCondition } from '@tongping/domain/clinical-record/condition/face';
import { clinicalRecordEncounterFace as clinicalRecordEncounter } from '@tongping/domain/clinical-record/encounter/face';
import { clinicalRecordMedicationFace as clinicalRecordMedication } from '@tongping/domain/clinical-record/medication/face';
import { clinicalRecordObservationFace as clinicalRecordObservation } from '@tongping/domain/clinical-record/observation/face';
import identityAccessAccount from '@tongping/domain/identity-access/account/face';
import identityAccessSession from '@tongping/domain/identity-access/session/face';
import { nursingLevelFace as nursingLevel } from '@tongping/domain/nursing/level/face';
import { nursingRiskFace as nursingRisk } from '@tongping/domain/nursing/risk/face';
import { inpatientStayFace as inpatientStay } from '@tongping/domain/inpatient/stay/face';
import { inpatientBedAssignmentFace as inpatientBedAssignment } from '@tongping/domain/inpatient/bed-assignment/face';
import { inpatientExtraBedFace as inpatientExtraBed } from '@tongping/domain/inpatient/extra-bed/face';
import { inpatientWardTransferFace as inpatientWardTransfer } from '@tongping/domain/inpatient/ward-transfer/face';
import { inpatientWardBoardFace as inpatientWardBoard } from '@tongping/domain/inpatient/ward-board/face';
import terminologyCodeSystem from '@tongping/domain/terminology/code-system/face';
import clinicalDocumentNote from '@tongping/domain/clinical-document/note/face';
import { imagingStudyFace as imagingStudy } from '@tongping/domain/imaging/study/face';
import { imagingReadingFace as imagingReading } from '@tongping/domain/imaging/reading/face';
import { imagingReportFace as imagingReport } from '@tongping/domain/imaging/report/face';
import interoperabilityFhirImport from '@tongping/domain/interoperability/fhir-import/face';
import operationsQuarantine from '@tongping/domain/operations/quarantine/face';
import operationsWatch from '@tongping/domain/operations/watch/face';

export const faces: readonly Face[] = [
	organizationOrganization,
	organizationWard,
	patientRegistry,
	clinicalRecordAllergy,
	clinicalRecordCondition,
	clinicalRecordEncounter,
	clinicalRecordMedication,
	clinicalRecordObservation,
	identityAccessAccount,
	identityAccessSession,
	nursingLevel,
	nursingRisk,
	inpatientStay,
	inpatientBedAssignment,
	inpatientExtraBed,
	inpatientWardTransfer,
	inpatientWardBoard,
	terminologyCodeSystem,
	clinicalDocumentNote,
	imagingStudy,
	imagingReading,
	imagingReport,
	interoperabilityFhirImport,
	operationsQuarantine,
	operationsWatch
];
