-- Dates come with the next telling of the mandates: version 0 lets any in.
ALTER TABLE Mandates ADD OpensAt DATETIME2(6) NULL;
ALTER TABLE Mandates ADD ClosesAt DATETIME2(6) NULL;
ALTER TABLE Mandates ADD RevokedAt DATETIME2(6) NULL;
UPDATE Mandates SET Version = 0;
