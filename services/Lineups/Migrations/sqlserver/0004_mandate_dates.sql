-- Dates come with the next telling of the mandates: version 0 lets any in.
ALTER TABLE Mandates ADD OpensAt DATETIME2(6) NULL, ClosesAt DATETIME2(6) NULL, RevokedAt DATETIME2(6) NULL;
UPDATE Mandates SET Version = 0;
