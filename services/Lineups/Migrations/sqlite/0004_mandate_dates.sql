-- Dates come with the next telling of the mandates: version 0 lets any in.
ALTER TABLE Mandates ADD COLUMN OpensAt INTEGER NULL;
ALTER TABLE Mandates ADD COLUMN ClosesAt INTEGER NULL;
ALTER TABLE Mandates ADD COLUMN RevokedAt INTEGER NULL;
UPDATE Mandates SET Version = 0;
