-- A batch is compiled before its columns are added, so that what uses them stands in EXEC.
ALTER TABLE KeyDates ADD Version BIGINT NOT NULL CONSTRAINT KeyDates_Version DEFAULT 1;
ALTER TABLE KeyDates ADD Kind NVARCHAR(20) NOT NULL CONSTRAINT KeyDates_Kind DEFAULT 'Other';
ALTER TABLE KeyDates ADD BrandIds NVARCHAR(MAX) NOT NULL CONSTRAINT KeyDates_BrandIds DEFAULT '[]';
ALTER TABLE KeyDates ADD SourceUid NVARCHAR(200) COLLATE Latin1_General_BIN2 NULL;
EXEC(N'CREATE UNIQUE INDEX KeyDates_Source ON KeyDates (UnitId, SourceUid) WHERE SourceUid IS NOT NULL');
EXEC(N'CREATE INDEX KeyDates_Time ON KeyDates (Path, StartsAt, Version)');
CREATE TABLE Periods (
    Seq BIGINT IDENTITY NOT NULL CONSTRAINT Periods_Pk PRIMARY KEY CLUSTERED,
    Id UNIQUEIDENTIFIER NOT NULL,
    Version BIGINT NOT NULL,
    UnitId UNIQUEIDENTIFIER NOT NULL,
    Path NVARCHAR(400) COLLATE Latin1_General_BIN2 NOT NULL,
    Month NVARCHAR(7) COLLATE Latin1_General_BIN2 NOT NULL,
    TimeZone NVARCHAR(64) NOT NULL,
    Status NVARCHAR(20) NOT NULL,
    SlotMinutes INT NOT NULL,
    DayStartMinute INT NOT NULL,
    DayEndMinute INT NOT NULL,
    RequestsCloseAt DATETIME2(6) NULL,
    Quotas NVARCHAR(MAX) NOT NULL,
    Blocks NVARCHAR(MAX) NOT NULL,
    Ranks NVARCHAR(MAX) NOT NULL,
    SatisfactionPoints BIGINT NULL,
    GreedyPoints BIGINT NULL,
    MostPoints BIGINT NULL,
    ProposedAt DATETIME2(6) NULL,
    PublishedAt DATETIME2(6) NULL,
    CreatedAt DATETIME2(6) NOT NULL
);
CREATE UNIQUE INDEX Periods_Id ON Periods (Id);
CREATE UNIQUE INDEX Periods_Month ON Periods (Path, Month);
CREATE TABLE SlotRequests (
    Seq BIGINT IDENTITY NOT NULL CONSTRAINT SlotRequests_Pk PRIMARY KEY CLUSTERED,
    Id UNIQUEIDENTIFIER NOT NULL,
    Version BIGINT NOT NULL,
    PeriodId UNIQUEIDENTIFIER NOT NULL,
    UnitId UNIQUEIDENTIFIER NOT NULL,
    Path NVARCHAR(400) COLLATE Latin1_General_BIN2 NOT NULL,
    Tier NVARCHAR(20) NOT NULL,
    Priority INT NOT NULL,
    Terms NVARCHAR(MAX) NOT NULL,
    Preferences NVARCHAR(MAX) NOT NULL,
    Status NVARCHAR(20) NOT NULL,
    CreatedAt DATETIME2(6) NOT NULL
);
CREATE UNIQUE INDEX SlotRequests_Id ON SlotRequests (Id);
CREATE INDEX SlotRequests_Period ON SlotRequests (PeriodId, Path, Seq);
CREATE TABLE ProposalItems (
    Seq BIGINT IDENTITY NOT NULL CONSTRAINT ProposalItems_Pk PRIMARY KEY CLUSTERED,
    PeriodId UNIQUEIDENTIFIER NOT NULL,
    RequestId UNIQUEIDENTIFIER NOT NULL,
    RequestVersion BIGINT NOT NULL,
    Preference INT NULL,
    StartsAt DATETIME2(6) NULL,
    EndsAt DATETIME2(6) NULL,
    HostId UNIQUEIDENTIFIER NULL,
    RoomId UNIQUEIDENTIFIER NULL,
    MandateId UNIQUEIDENTIFIER NULL,
    IsEdited BIT NOT NULL,
    ReasonCode NVARCHAR(60) NULL,
    ReasonDetail NVARCHAR(1000) NULL,
    NearestStartsAt DATETIME2(6) NULL,
    NearestEndsAt DATETIME2(6) NULL,
    SessionId UNIQUEIDENTIFIER NULL
);
CREATE UNIQUE INDEX ProposalItems_Request ON ProposalItems (RequestId);
CREATE INDEX ProposalItems_Period ON ProposalItems (PeriodId, Seq);
CREATE INDEX Sessions_Month ON Sessions (StartsAt, Path, Version);
