-- As long as Lineups lets a product's be.
ALTER TABLE Products ALTER COLUMN Category NVARCHAR(320) COLLATE Latin1_General_BIN2 NULL;
