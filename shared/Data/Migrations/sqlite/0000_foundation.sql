CREATE TABLE Outbox (
    Seq INTEGER PRIMARY KEY AUTOINCREMENT,
    MessageId TEXT NOT NULL,
    Type TEXT NOT NULL,
    Body TEXT NOT NULL,
    Destination TEXT NULL,
    Redelivery INTEGER NOT NULL,
    Trace TEXT NULL,
    CreatedAt INTEGER NOT NULL,
    DeliverAfter INTEGER NOT NULL,
    Failures INTEGER NOT NULL DEFAULT 0,
    LastError TEXT NULL,
    SetAsideAt INTEGER NULL
);
CREATE TABLE Inbox (
    Seq INTEGER PRIMARY KEY,
    Consumer TEXT NOT NULL,
    MessageId TEXT NOT NULL,
    ReceivedAt INTEGER NOT NULL
);
CREATE UNIQUE INDEX Inbox_Once ON Inbox (MessageId, Consumer);
CREATE TABLE DueWork (
    Seq INTEGER PRIMARY KEY,
    Kind TEXT NOT NULL,
    WorkKey TEXT NOT NULL,
    DueAt INTEGER NOT NULL,
    Failures INTEGER NOT NULL DEFAULT 0,
    LastError TEXT NULL
);
CREATE UNIQUE INDEX DueWork_Once ON DueWork (Kind, WorkKey);
CREATE INDEX DueWork_Due ON DueWork (DueAt);
CREATE TABLE IdempotencyKeys (
    Seq INTEGER PRIMARY KEY,
    Caller TEXT NOT NULL,
    KeyText TEXT NOT NULL,
    RequestHash TEXT NOT NULL,
    Response TEXT NOT NULL,
    CreatedAt INTEGER NOT NULL
);
CREATE UNIQUE INDEX IdempotencyKeys_Once ON IdempotencyKeys (Caller, KeyText);
CREATE TABLE AuditTrail (
    Seq INTEGER PRIMARY KEY,
    At INTEGER NOT NULL,
    ActorId TEXT NOT NULL,
    ActorName TEXT NOT NULL,
    ActorPath TEXT NOT NULL,
    Action TEXT NOT NULL,
    Subject TEXT NOT NULL,
    Origin TEXT NULL
);
CREATE INDEX AuditTrail_Path ON AuditTrail (ActorPath, Seq);
