-- What is new of units, brands and mandates comes with their next telling: version 0 lets any in.
ALTER TABLE Units ADD COLUMN ParentId TEXT NULL;
ALTER TABLE Units ADD COLUMN Name TEXT NOT NULL DEFAULT '';
ALTER TABLE Units ADD COLUMN IsActive INTEGER NOT NULL DEFAULT 1;
UPDATE Units SET Version = 0;
CREATE INDEX Units_Path ON Units (Path);
ALTER TABLE Brands ADD COLUMN Code TEXT NOT NULL DEFAULT '';
ALTER TABLE Brands ADD COLUMN Name TEXT NOT NULL DEFAULT '';
ALTER TABLE Brands ADD COLUMN Grade TEXT NOT NULL DEFAULT '';
UPDATE Brands SET Version = 0;
ALTER TABLE Mandates ADD COLUMN EarliestMinute INTEGER NULL;
ALTER TABLE Mandates ADD COLUMN LatestMinute INTEGER NULL;
UPDATE Mandates SET Version = 0;
