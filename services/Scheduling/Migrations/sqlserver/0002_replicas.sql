-- What is new of units, brands and mandates comes with their next telling: version 0 lets any in.
ALTER TABLE Units ADD ParentId UNIQUEIDENTIFIER NULL;
ALTER TABLE Units ADD Name NVARCHAR(200) NOT NULL CONSTRAINT Units_Name DEFAULT '';
ALTER TABLE Units ADD IsActive BIT NOT NULL CONSTRAINT Units_IsActive DEFAULT 1;
UPDATE Units SET Version = 0;
CREATE INDEX Units_Path ON Units (Path);
ALTER TABLE Brands ADD Code NVARCHAR(64) COLLATE Latin1_General_BIN2 NOT NULL CONSTRAINT Brands_Code DEFAULT '';
ALTER TABLE Brands ADD Name NVARCHAR(200) NOT NULL CONSTRAINT Brands_Name DEFAULT '';
ALTER TABLE Brands ADD Grade NVARCHAR(10) NOT NULL CONSTRAINT Brands_Grade DEFAULT '';
UPDATE Brands SET Version = 0;
ALTER TABLE Mandates ADD EarliestMinute INT NULL;
ALTER TABLE Mandates ADD LatestMinute INT NULL;
UPDATE Mandates SET Version = 0;
