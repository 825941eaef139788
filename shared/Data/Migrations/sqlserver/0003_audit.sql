-- What a decision was about, and what it changed. Older entries are about whoever decided.
-- A batch is compiled before its columns are added, so that what uses them stands in EXEC.
ALTER TABLE AuditTrail ADD EntryId UNIQUEIDENTIFIER NULL;
ALTER TABLE AuditTrail ADD SubjectId NVARCHAR(100) NULL;
ALTER TABLE AuditTrail ADD SubjectPath NVARCHAR(400) COLLATE Latin1_General_BIN2 NOT NULL CONSTRAINT AuditTrail_SubjectPath DEFAULT '';
ALTER TABLE AuditTrail ADD BeforeJson NVARCHAR(MAX) NULL;
ALTER TABLE AuditTrail ADD AfterJson NVARCHAR(MAX) NULL;
EXEC(N'UPDATE AuditTrail SET SubjectPath = ActorPath');
DROP INDEX AuditTrail_Path ON AuditTrail;
EXEC(N'CREATE INDEX AuditTrail_Subject ON AuditTrail (SubjectPath, Seq)');
