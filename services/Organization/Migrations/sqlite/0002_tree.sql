-- Every path a unit has or had: once held, a path is no other unit's for ever.
CREATE TABLE UnitPaths (
    Seq INTEGER PRIMARY KEY,
    Path TEXT NOT NULL,
    UnitId TEXT NOT NULL
);
CREATE UNIQUE INDEX UnitPaths_Path ON UnitPaths (Path);
CREATE INDEX UnitPaths_Unit ON UnitPaths (UnitId);
INSERT INTO UnitPaths (Path, UnitId) SELECT Path, Id FROM Units;
CREATE INDEX Members_Unit ON Members (UnitId);
ALTER TABLE Mandates ADD COLUMN EarliestMinute INTEGER NULL;
ALTER TABLE Mandates ADD COLUMN LatestMinute INTEGER NULL;
