CREATE TABLE CodeBatches (
    Seq INTEGER PRIMARY KEY,
    Id TEXT NOT NULL,
    Version INTEGER NOT NULL,
    CampaignId TEXT NOT NULL,
    NodeSeq INTEGER NOT NULL,
    Path TEXT NOT NULL,
    HeadquartersPath TEXT NOT NULL,
    Prefix TEXT NOT NULL,
    Secret TEXT NOT NULL,
    Name TEXT NULL,
    Codes INTEGER NOT NULL,
    CreatedAt INTEGER NOT NULL,
    ClosedAt INTEGER NULL
);
CREATE UNIQUE INDEX CodeBatches_Id ON CodeBatches (Id);
CREATE UNIQUE INDEX CodeBatches_Prefix ON CodeBatches (HeadquartersPath, Prefix);
CREATE UNIQUE INDEX CodeBatches_Node ON CodeBatches (NodeSeq);
CREATE INDEX CodeBatches_Campaign ON CodeBatches (CampaignId, Seq);
CREATE TABLE IssueJobs (
    Seq INTEGER PRIMARY KEY,
    Id TEXT NOT NULL,
    CampaignId TEXT NOT NULL,
    Path TEXT NOT NULL,
    IssuedFrom TEXT NOT NULL,
    Status TEXT NOT NULL,
    Customers INTEGER NOT NULL,
    Carried INTEGER NOT NULL,
    Issued INTEGER NOT NULL,
    CreatedAt INTEGER NOT NULL,
    EndedAt INTEGER NULL
);
CREATE UNIQUE INDEX IssueJobs_Id ON IssueJobs (Id);
CREATE TABLE IssueRows (
    Seq INTEGER PRIMARY KEY,
    JobSeq INTEGER NOT NULL,
    Ordinal INTEGER NOT NULL,
    CouponId TEXT NOT NULL,
    CustomerId TEXT NOT NULL,
    GuideId TEXT NULL,
    SourceLink TEXT NULL,
    SessionId TEXT NULL,
    ChannelId TEXT NULL,
    Segments TEXT NULL,
    Refusal TEXT NULL
);
CREATE UNIQUE INDEX IssueRows_Job ON IssueRows (JobSeq, Ordinal);
