ALTER TABLE Sessions ADD COLUMN CrewIds TEXT NOT NULL DEFAULT '[]';
ALTER TABLE Sessions ADD COLUMN RejectReason TEXT NULL;
ALTER TABLE Sessions ADD COLUMN ApprovedAt INTEGER NULL;
ALTER TABLE Sessions ADD COLUMN ClosedAt INTEGER NULL;
ALTER TABLE Sessions ADD COLUMN FlaggedAt INTEGER NULL;
ALTER TABLE Sessions ADD COLUMN FlagReason TEXT NULL;
ALTER TABLE Sessions ADD COLUMN DisplacedBySessionId TEXT NULL;
ALTER TABLE Sessions ADD COLUMN DisplacedAt INTEGER NULL;
ALTER TABLE Sessions ADD COLUMN SeriesId TEXT NULL;
ALTER TABLE Sessions ADD COLUMN OccurrenceOn TEXT NULL;
ALTER TABLE Sessions ADD COLUMN IsDetached INTEGER NOT NULL DEFAULT 0;
UPDATE Sessions SET ApprovedAt = CreatedAt;
CREATE INDEX Sessions_Time ON Sessions (Path, StartsAt);
CREATE UNIQUE INDEX Sessions_Occurrence ON Sessions (SeriesId, OccurrenceOn) WHERE SeriesId IS NOT NULL;
-- One kind of due work begins every phase from now on: a session in its warm-up is given up a day after its planned end, one that has ended goes into review.
UPDATE DueWork SET Kind = 'session-phase' WHERE Kind = 'session-warm-up';
INSERT INTO DueWork (Kind, WorkKey, DueAt) SELECT 'session-phase', Id, EndsAt + 86400000000 FROM Sessions WHERE Status = 'WarmUp';
INSERT INTO DueWork (Kind, WorkKey, DueAt) SELECT 'session-phase', Id, EndedAt FROM Sessions WHERE Status = 'Ended';
