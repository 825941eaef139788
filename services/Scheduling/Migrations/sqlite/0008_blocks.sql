ALTER TABLE Resources ADD COLUMN Version INTEGER NOT NULL DEFAULT 1;
ALTER TABLE Resources ADD COLUMN TurnaroundMinutes INTEGER NOT NULL DEFAULT 0;
ALTER TABLE Sessions ADD COLUMN CoversUnitIds TEXT NOT NULL DEFAULT '[]';
CREATE INDEX Sessions_Starts ON Sessions (StartsAt);
-- A booking that is on the air, or longer than any plan, is open: looked at whenever it began. The others are looked for within a day and a turnaround.
ALTER TABLE Bookings ADD COLUMN BusyUntil INTEGER NOT NULL DEFAULT 0;
ALTER TABLE Bookings ADD COLUMN IsOpen INTEGER NOT NULL DEFAULT 0;
UPDATE Bookings SET BusyUntil = EndsAt,
    IsOpen = CASE WHEN EndsAt - StartsAt > 86400000000 OR SessionId IN (SELECT Id FROM Sessions WHERE Status = 'Live') THEN 1 ELSE 0 END;
DROP INDEX Bookings_Resource;
CREATE INDEX Bookings_Busy ON Bookings (ResourceId, IsOpen, StartsAt, BusyUntil);
CREATE TABLE Blocks (
    Seq INTEGER PRIMARY KEY,
    Id TEXT NOT NULL,
    Path TEXT NOT NULL,
    UnitIds TEXT NOT NULL,
    BrandIds TEXT NOT NULL,
    StartsAt INTEGER NOT NULL,
    EndsAt INTEGER NOT NULL,
    IsOpen INTEGER NOT NULL,
    SessionId TEXT NULL,
    PeriodId TEXT NULL,
    Reason TEXT NULL
);
CREATE UNIQUE INDEX Blocks_Id ON Blocks (Id);
CREATE INDEX Blocks_Time ON Blocks (Path, IsOpen, StartsAt);
CREATE UNIQUE INDEX Blocks_Session ON Blocks (SessionId) WHERE SessionId IS NOT NULL;
CREATE INDEX Blocks_Period ON Blocks (PeriodId);
-- What group broadcasts already planned keep free.
INSERT INTO Blocks (Id, Path, UnitIds, BrandIds, StartsAt, EndsAt, IsOpen, SessionId, PeriodId, Reason)
SELECT Id, Path, '[]', BrandIds, StartsAt, EndsAt, 0, Id, NULL, Title FROM Sessions WHERE Tier = 'GroupBroadcast' AND Status IN ('Scheduled', 'WarmUp', 'Live');
