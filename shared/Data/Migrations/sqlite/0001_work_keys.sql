-- Text has one collation here, and it is the right one.
DROP INDEX DueWork_Once;
CREATE UNIQUE INDEX DueWork_Once ON DueWork (Kind, WorkKey);
