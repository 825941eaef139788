CREATE TABLE Series (
    Seq INTEGER PRIMARY KEY,
    Id TEXT NOT NULL,
    Version INTEGER NOT NULL,
    OwnerUnitId TEXT NOT NULL,
    Tier TEXT NOT NULL,
    MandateId TEXT NULL,
    Template TEXT NOT NULL,
    RuleText TEXT NOT NULL,
    StartsOn TEXT NOT NULL,
    DurationMinutes INTEGER NOT NULL,
    TimeZone TEXT NOT NULL,
    Exceptions TEXT NOT NULL,
    FollowsId TEXT NULL,
    CancelledAt INTEGER NULL,
    CreatedAt INTEGER NOT NULL
);
CREATE UNIQUE INDEX Series_Id ON Series (Id);
CREATE INDEX Series_Owner ON Series (OwnerUnitId);
CREATE TABLE SeriesRefusals (
    Seq INTEGER PRIMARY KEY,
    SeriesId TEXT NOT NULL,
    OccurrenceOn TEXT NOT NULL,
    Code TEXT NOT NULL,
    Detail TEXT NOT NULL,
    Conflicts TEXT NOT NULL,
    FreeSlots TEXT NOT NULL
);
CREATE UNIQUE INDEX SeriesRefusals_Occurrence ON SeriesRefusals (SeriesId, OccurrenceOn);
CREATE TABLE Feeds (
    Seq INTEGER PRIMARY KEY,
    Id TEXT NOT NULL,
    UnitId TEXT NOT NULL,
    Kind TEXT NOT NULL,
    ResourceId TEXT NULL,
    Name TEXT NOT NULL,
    TokenHash TEXT NOT NULL,
    CreatedAt INTEGER NOT NULL,
    RevokedAt INTEGER NULL
);
CREATE UNIQUE INDEX Feeds_Id ON Feeds (Id);
CREATE UNIQUE INDEX Feeds_Token ON Feeds (TokenHash);
CREATE INDEX Feeds_Unit ON Feeds (UnitId);
CREATE INDEX Sessions_Host ON Sessions (HostId, StartsAt);
CREATE INDEX Sessions_Room ON Sessions (RoomId, StartsAt);
