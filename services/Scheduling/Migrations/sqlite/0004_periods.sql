ALTER TABLE KeyDates ADD COLUMN Version INTEGER NOT NULL DEFAULT 1;
ALTER TABLE KeyDates ADD COLUMN Kind TEXT NOT NULL DEFAULT 'Other';
ALTER TABLE KeyDates ADD COLUMN BrandIds TEXT NOT NULL DEFAULT '[]';
ALTER TABLE KeyDates ADD COLUMN SourceUid TEXT NULL;
CREATE UNIQUE INDEX KeyDates_Source ON KeyDates (UnitId, SourceUid) WHERE SourceUid IS NOT NULL;
CREATE INDEX KeyDates_Time ON KeyDates (Path, StartsAt, Version);
CREATE TABLE Periods (
    Seq INTEGER PRIMARY KEY,
    Id TEXT NOT NULL,
    Version INTEGER NOT NULL,
    UnitId TEXT NOT NULL,
    Path TEXT NOT NULL,
    Month TEXT NOT NULL,
    TimeZone TEXT NOT NULL,
    Status TEXT NOT NULL,
    SlotMinutes INTEGER NOT NULL,
    DayStartMinute INTEGER NOT NULL,
    DayEndMinute INTEGER NOT NULL,
    RequestsCloseAt INTEGER NULL,
    Quotas TEXT NOT NULL,
    Blocks TEXT NOT NULL,
    Ranks TEXT NOT NULL,
    SatisfactionPoints INTEGER NULL,
    GreedyPoints INTEGER NULL,
    MostPoints INTEGER NULL,
    ProposedAt INTEGER NULL,
    PublishedAt INTEGER NULL,
    CreatedAt INTEGER NOT NULL
);
CREATE UNIQUE INDEX Periods_Id ON Periods (Id);
CREATE UNIQUE INDEX Periods_Month ON Periods (Path, Month);
CREATE TABLE SlotRequests (
    Seq INTEGER PRIMARY KEY,
    Id TEXT NOT NULL,
    Version INTEGER NOT NULL,
    PeriodId TEXT NOT NULL,
    UnitId TEXT NOT NULL,
    Path TEXT NOT NULL,
    Tier TEXT NOT NULL,
    Priority INTEGER NOT NULL,
    Terms TEXT NOT NULL,
    Preferences TEXT NOT NULL,
    Status TEXT NOT NULL,
    CreatedAt INTEGER NOT NULL
);
CREATE UNIQUE INDEX SlotRequests_Id ON SlotRequests (Id);
CREATE INDEX SlotRequests_Period ON SlotRequests (PeriodId, Path, Seq);
CREATE TABLE ProposalItems (
    Seq INTEGER PRIMARY KEY,
    PeriodId TEXT NOT NULL,
    RequestId TEXT NOT NULL,
    RequestVersion INTEGER NOT NULL,
    Preference INTEGER NULL,
    StartsAt INTEGER NULL,
    EndsAt INTEGER NULL,
    HostId TEXT NULL,
    RoomId TEXT NULL,
    MandateId TEXT NULL,
    IsEdited INTEGER NOT NULL,
    ReasonCode TEXT NULL,
    ReasonDetail TEXT NULL,
    NearestStartsAt INTEGER NULL,
    NearestEndsAt INTEGER NULL,
    SessionId TEXT NULL
);
CREATE UNIQUE INDEX ProposalItems_Request ON ProposalItems (RequestId);
CREATE INDEX ProposalItems_Period ON ProposalItems (PeriodId, Seq);
CREATE INDEX Sessions_Month ON Sessions (StartsAt, Path, Version);
