-- What a decision was about, and what it changed. Older entries are about whoever decided.
ALTER TABLE AuditTrail ADD COLUMN EntryId TEXT NULL;
ALTER TABLE AuditTrail ADD COLUMN SubjectId TEXT NULL;
ALTER TABLE AuditTrail ADD COLUMN SubjectPath TEXT NOT NULL DEFAULT '';
ALTER TABLE AuditTrail ADD COLUMN BeforeJson TEXT NULL;
ALTER TABLE AuditTrail ADD COLUMN AfterJson TEXT NULL;
UPDATE AuditTrail SET SubjectPath = ActorPath;
DROP INDEX AuditTrail_Path;
CREATE INDEX AuditTrail_Subject ON AuditTrail (SubjectPath, Seq);
