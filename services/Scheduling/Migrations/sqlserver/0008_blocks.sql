-- A batch is compiled before its columns are added, so that what uses them stands in EXEC.
ALTER TABLE Resources ADD Version BIGINT NOT NULL CONSTRAINT Resources_Version DEFAULT 1;
ALTER TABLE Resources ADD TurnaroundMinutes INT NOT NULL CONSTRAINT Resources_TurnaroundMinutes DEFAULT 0;
ALTER TABLE Sessions ADD CoversUnitIds NVARCHAR(MAX) NOT NULL CONSTRAINT Sessions_CoversUnitIds DEFAULT '[]';
CREATE INDEX Sessions_Starts ON Sessions (StartsAt);
-- A booking that is on the air, or longer than any plan, is open: looked at whenever it began. The others are looked for within a day and a turnaround.
ALTER TABLE Bookings ADD BusyUntil DATETIME2(6) NOT NULL CONSTRAINT Bookings_BusyUntil DEFAULT '1970-01-01';
ALTER TABLE Bookings ADD IsOpen BIT NOT NULL CONSTRAINT Bookings_IsOpen DEFAULT 0;
EXEC(N'UPDATE Bookings SET BusyUntil = EndsAt,
    IsOpen = CASE WHEN DATEDIFF(MINUTE, StartsAt, EndsAt) >= 1440 OR SessionId IN (SELECT Id FROM Sessions WHERE Status = ''Live'') THEN 1 ELSE 0 END');
DROP INDEX Bookings_Resource ON Bookings;
EXEC(N'CREATE INDEX Bookings_Busy ON Bookings (ResourceId, IsOpen, StartsAt, BusyUntil)');
CREATE TABLE Blocks (
    Seq BIGINT IDENTITY NOT NULL CONSTRAINT Blocks_Pk PRIMARY KEY CLUSTERED,
    Id UNIQUEIDENTIFIER NOT NULL,
    Path NVARCHAR(400) COLLATE Latin1_General_BIN2 NOT NULL,
    UnitIds NVARCHAR(MAX) NOT NULL,
    BrandIds NVARCHAR(MAX) NOT NULL,
    StartsAt DATETIME2(6) NOT NULL,
    EndsAt DATETIME2(6) NOT NULL,
    IsOpen BIT NOT NULL,
    SessionId UNIQUEIDENTIFIER NULL,
    PeriodId UNIQUEIDENTIFIER NULL,
    Reason NVARCHAR(200) NULL
);
CREATE UNIQUE INDEX Blocks_Id ON Blocks (Id);
CREATE INDEX Blocks_Time ON Blocks (Path, IsOpen, StartsAt);
CREATE UNIQUE INDEX Blocks_Session ON Blocks (SessionId) WHERE SessionId IS NOT NULL;
CREATE INDEX Blocks_Period ON Blocks (PeriodId);
-- What group broadcasts already planned keep free.
INSERT INTO Blocks (Id, Path, UnitIds, BrandIds, StartsAt, EndsAt, IsOpen, SessionId, PeriodId, Reason)
SELECT Id, Path, '[]', BrandIds, StartsAt, EndsAt, 0, Id, NULL, Title FROM Sessions WHERE Tier = 'GroupBroadcast' AND Status IN ('Scheduled', 'WarmUp', 'Live');
