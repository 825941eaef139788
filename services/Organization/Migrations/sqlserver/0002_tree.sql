-- Every path a unit has or had: once held, a path is no other unit's for ever.
CREATE TABLE UnitPaths (
    Seq BIGINT IDENTITY NOT NULL CONSTRAINT UnitPaths_Pk PRIMARY KEY CLUSTERED,
    Path NVARCHAR(400) COLLATE Latin1_General_BIN2 NOT NULL,
    UnitId UNIQUEIDENTIFIER NOT NULL
);
CREATE UNIQUE INDEX UnitPaths_Path ON UnitPaths (Path);
CREATE INDEX UnitPaths_Unit ON UnitPaths (UnitId);
INSERT INTO UnitPaths (Path, UnitId) SELECT Path, Id FROM Units;
CREATE INDEX Members_Unit ON Members (UnitId);
ALTER TABLE Mandates ADD EarliestMinute INT NULL;
ALTER TABLE Mandates ADD LatestMinute INT NULL;
