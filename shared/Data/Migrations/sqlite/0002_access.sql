CREATE TABLE AccessMembers (
    Seq INTEGER PRIMARY KEY,
    MemberId TEXT NOT NULL,
    Version INTEGER NOT NULL,
    IsSuspended INTEGER NOT NULL,
    TokensFrom INTEGER NOT NULL,
    ChangedAt INTEGER NOT NULL
);
CREATE UNIQUE INDEX AccessMembers_Id ON AccessMembers (MemberId);
CREATE INDEX AccessMembers_Changed ON AccessMembers (ChangedAt);
CREATE TABLE AccessUnits (
    Seq INTEGER PRIMARY KEY,
    UnitId TEXT NOT NULL,
    Version INTEGER NOT NULL,
    Path TEXT NOT NULL,
    IsActive INTEGER NOT NULL,
    ChangedAt INTEGER NOT NULL
);
CREATE UNIQUE INDEX AccessUnits_Id ON AccessUnits (UnitId);
CREATE INDEX AccessUnits_Changed ON AccessUnits (ChangedAt);
