ALTER TABLE Members ADD COLUMN Version INTEGER NOT NULL DEFAULT 1;
ALTER TABLE Members ADD COLUMN IsSuspended INTEGER NOT NULL DEFAULT 0;
ALTER TABLE Members ADD COLUMN TokensFrom INTEGER NOT NULL DEFAULT 1;
ALTER TABLE Members ADD COLUMN Generation INTEGER NOT NULL DEFAULT 0;
ALTER TABLE Members ADD COLUMN InvitedUntil INTEGER NULL;
ALTER TABLE Members ADD COLUMN OldSecretHash TEXT NULL;
ALTER TABLE Members ADD COLUMN OldSecretUntil INTEGER NULL;
CREATE TABLE SignInFailures (
    Seq INTEGER PRIMARY KEY,
    NameHash TEXT NOT NULL,
    Failures INTEGER NOT NULL,
    LockedUntil INTEGER NULL,
    LatestAt INTEGER NOT NULL
);
CREATE UNIQUE INDEX SignInFailures_Name ON SignInFailures (NameHash);
CREATE INDEX SignInFailures_Latest ON SignInFailures (LatestAt);
CREATE TABLE AuditEntries (
    Seq INTEGER PRIMARY KEY,
    EntryId TEXT NOT NULL,
    Service TEXT NOT NULL,
    At INTEGER NOT NULL,
    ActorId TEXT NOT NULL,
    ActorName TEXT NOT NULL,
    ActorPath TEXT NOT NULL,
    Action TEXT NOT NULL,
    Subject TEXT NOT NULL,
    SubjectId TEXT NULL,
    SubjectPath TEXT NOT NULL,
    Origin TEXT NULL,
    BeforeJson TEXT NULL,
    AfterJson TEXT NULL
);
CREATE UNIQUE INDEX AuditEntries_Id ON AuditEntries (EntryId);
CREATE INDEX AuditEntries_Subject ON AuditEntries (SubjectPath, Seq);
