-- Where a name was signed in under before: a keyed hash of both.
CREATE TABLE SignInPlaces (
    Seq INTEGER PRIMARY KEY,
    PlaceHash TEXT NOT NULL,
    SeenAt INTEGER NOT NULL
);
CREATE UNIQUE INDEX SignInPlaces_Place ON SignInPlaces (PlaceHash);
CREATE INDEX SignInPlaces_Seen ON SignInPlaces (SeenAt);
