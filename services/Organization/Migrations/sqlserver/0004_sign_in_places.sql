-- Where a name was signed in under before: a keyed hash of both.
CREATE TABLE SignInPlaces (
    Seq BIGINT IDENTITY NOT NULL CONSTRAINT SignInPlaces_Pk PRIMARY KEY CLUSTERED,
    PlaceHash NVARCHAR(64) COLLATE Latin1_General_BIN2 NOT NULL,
    SeenAt DATETIME2(6) NOT NULL
);
CREATE UNIQUE INDEX SignInPlaces_Place ON SignInPlaces (PlaceHash);
CREATE INDEX SignInPlaces_Seen ON SignInPlaces (SeenAt);
