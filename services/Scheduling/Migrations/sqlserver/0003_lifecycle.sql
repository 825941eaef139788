-- A batch is compiled before its columns are added, so that what uses them stands in EXEC.
ALTER TABLE Sessions ADD CrewIds NVARCHAR(MAX) NOT NULL CONSTRAINT Sessions_CrewIds DEFAULT '[]';
ALTER TABLE Sessions ADD RejectReason NVARCHAR(500) NULL;
ALTER TABLE Sessions ADD ApprovedAt DATETIME2(6) NULL;
ALTER TABLE Sessions ADD ClosedAt DATETIME2(6) NULL;
ALTER TABLE Sessions ADD FlaggedAt DATETIME2(6) NULL;
ALTER TABLE Sessions ADD FlagReason NVARCHAR(60) NULL;
ALTER TABLE Sessions ADD DisplacedBySessionId UNIQUEIDENTIFIER NULL;
ALTER TABLE Sessions ADD DisplacedAt DATETIME2(6) NULL;
ALTER TABLE Sessions ADD SeriesId UNIQUEIDENTIFIER NULL;
ALTER TABLE Sessions ADD OccurrenceOn NVARCHAR(20) COLLATE Latin1_General_BIN2 NULL;
ALTER TABLE Sessions ADD IsDetached BIT NOT NULL CONSTRAINT Sessions_IsDetached DEFAULT 0;
EXEC(N'UPDATE Sessions SET ApprovedAt = CreatedAt');
CREATE INDEX Sessions_Time ON Sessions (Path, StartsAt);
EXEC(N'CREATE UNIQUE INDEX Sessions_Occurrence ON Sessions (SeriesId, OccurrenceOn) WHERE SeriesId IS NOT NULL');
-- One kind of due work begins every phase from now on: a session in its warm-up is given up a day after its planned end, one that has ended goes into review.
UPDATE DueWork SET Kind = 'session-phase' WHERE Kind = 'session-warm-up';
INSERT INTO DueWork (Kind, WorkKey, DueAt) SELECT 'session-phase', LOWER(CONVERT(NVARCHAR(36), Id)), DATEADD(DAY, 1, EndsAt) FROM Sessions WHERE Status = 'WarmUp';
INSERT INTO DueWork (Kind, WorkKey, DueAt) SELECT 'session-phase', LOWER(CONVERT(NVARCHAR(36), Id)), EndedAt FROM Sessions WHERE Status = 'Ended';
